//! Failures that do not look like failures.

use crate::wordpress::{Recording, Server, decision, ids, option, row, script, server, sql};
use greenroom::backend::{Backend, Fault};
use greenroom::domain::{Cursor, Order, Page, Queue, Sight, Verb};
use greenroom::net::Transport;
use std::time::Duration;

fn pull(server: &Server, backend: &dyn Backend, name: &'static str) -> Result<Page, Fault> {
    let wire = Recording::new(&server.http, name);
    let queue = Queue { page_size: 3, ..Queue::pending(Order::Oldest) };
    backend.pull(&wire as &dyn Transport, &queue, &Cursor::Start)
}

#[test]
fn stray_text_before_the_json_costs_nothing() {
    let Some(server) = server("stray_text_before_the_json_costs_nothing") else { return };
    let backend = server.backend("mod1");
    let clean = pull(&server, &*backend, "pull-small").unwrap();
    let _stray = option("greenroom_mischief", "stray");
    assert_eq!(pull(&server, &*backend, "stray"), Ok(clean));
    assert!(backend.identify(&server.http).is_ok());
    let id = &ids("comment_approved='0' AND comment_author='Odd agent'")[0];
    let row = row(id);
    let fresh = server.here(&*backend, id);
    backend.push(&server.http, &decision(id, Verb::Approve), &fresh).unwrap();
    row.is_only_changed_to("1");
}

#[test]
fn a_web_page_is_named_as_one() {
    let Some(server) = server("a_web_page_is_named_as_one") else { return };
    let backend = server.backend("mod1");
    let page = {
        let _html = option("greenroom_mischief", "html");
        pull(&server, &*backend, "html")
    };
    let why = "a web page instead of data (“Are you human?”); a login page, a firewall or a plug-in may stand in between"
        .to_owned();
    assert_eq!(page, Err(Fault::Malformed { why }));
    let crash = {
        let _fatal = option("greenroom_mischief", "fatal");
        pull(&server, &*backend, "fatal")
    };
    assert!(matches!(crash, Err(Fault::Failing { status: 500, .. })), "{crash:?}");
}

#[test]
fn maintenance_says_when_to_come_back() {
    let Some(server) = server("maintenance_says_when_to_come_back") else { return };
    let backend = server.backend("mod1");
    let switch = std::path::PathBuf::from(script(&["home"]).trim()).join("tree/.maintenance");
    std::fs::write(&switch, "<?php $upgrading = time();").unwrap();
    let told = pull(&server, &*backend, "maintenance");
    std::fs::remove_file(switch).unwrap();
    let after = Some(Duration::from_secs(600));
    assert!(matches!(&told, Err(Fault::Failing { status: 503, after: a, .. }) if *a == after), "{told:?}");
}

#[test]
fn a_missing_comments_table_makes_no_comment_gone() {
    let Some(server) = server("a_missing_comments_table_makes_no_comment_gone") else { return };
    let backend = server.backend("mod1");
    let id = ids("comment_approved='0'").remove(0);
    let fresh = server.here(&*backend, &id);
    sql("RENAME TABLE wp_comments TO wp_comments_away");
    let page = pull(&server, &*backend, "no-table");
    let looked = backend.look(&server.http, std::slice::from_ref(&id));
    let pushed = backend.push(&server.http, &decision(&id, Verb::Approve), &fresh);
    sql("RENAME TABLE wp_comments_away TO wp_comments");
    assert!(page.is_ok_and(|page| page.items.is_empty()));
    assert!(
        matches!(looked.as_deref(), Ok([Sight::Denied { native_id, .. }]) if *native_id == id),
        "{looked:?}"
    );
    assert!(matches!(pushed, Err(Fault::Malformed { .. })), "{pushed:?}");
}

#[test]
fn a_server_that_is_down_was_never_reached() {
    let Some(server) = server("a_server_that_is_down_was_never_reached") else { return };
    let site = server.site("http://127.0.0.1:1/wp-json", "mod1");
    let backend = greenroom::backend::open(&site, crate::wordpress::password("mod1")).unwrap();
    assert!(matches!(pull(&server, &*backend, "down"), Err(Fault::Unreachable { .. })));
}
