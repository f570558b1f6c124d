//! Every decision, on every kind of row that asks for care, checked in WordPress's own database.

use crate::wordpress::{Recording, decision, ids, option, row, script, server, sql, stored};
use greenroom::backend::Fault;
use greenroom::domain::{NativeId, Sight, Status, Verb};

/// Each is decided and brought back in turn.
const ROUND: [(Verb, &str, Status); 6] = [
    (Verb::Approve, "1", Status::Approved),
    (Verb::Restore, "0", Status::Pending),
    (Verb::Spam, "spam", Status::Spam),
    (Verb::Restore, "0", Status::Pending),
    (Verb::Reject, "trash", Status::Rejected),
    (Verb::Restore, "0", Status::Pending),
];

#[test]
fn no_decision_changes_a_readers_address_or_agent() {
    let Some(server) = server("no_decision_changes_a_readers_address_or_agent") else { return };
    let backend = server.backend("mod1");
    for kind in [
        "comment_author LIKE 'Reader%'",
        "comment_author='Odd empty IP'",
        "comment_author='Odd empty agent'",
        "comment_author='Odd both empty'",
        "comment_author='Odd agent'",
        "comment_author='Odd IPv6'",
        "comment_author='Odd proxy IP'",
        "comment_author='Odd old type'",
        "comment_author LIKE 'Emoji%'",
        "comment_type='pingback'",
    ] {
        let id = &ids(&format!("comment_approved='0' AND {kind}"))[0];
        let row = row(id);
        for (verb, word, status) in ROUND {
            let fresh = server.here(&*backend, id);
            let receipt = backend.push(&server.http, &decision(id, verb), &fresh).unwrap();
            assert_eq!((receipt.now.status, receipt.already), (Some(status), false), "{kind} {verb:?}");
            assert!(receipt.now.body.is_some() && receipt.now.private.is_some());
            row.is_only_changed_to(word);
        }
    }
}

#[test]
fn spam_and_approved_go_to_the_trash_and_back() {
    let Some(server) = server("spam_and_approved_go_to_the_trash_and_back") else { return };
    let backend = server.backend("mod1");
    let id = &ids("comment_approved='0' AND comment_author LIKE 'Reader%'")[1];
    let row = row(id);
    let steps = [
        (Verb::Spam, "spam"),
        (Verb::Reject, "trash"),
        (Verb::Approve, "1"),
        (Verb::Reject, "trash"),
        (Verb::Spam, "spam"),
        (Verb::Approve, "1"),
        (Verb::Restore, "0"),
    ];
    for (verb, word) in steps {
        let fresh = server.here(&*backend, id);
        backend.push(&server.http, &decision(id, verb), &fresh).unwrap();
        row.is_only_changed_to(word);
    }
}

#[test]
fn a_decision_already_made_is_said_to_be() {
    let Some(server) = server("a_decision_already_made_is_said_to_be") else { return };
    let backend = server.backend("mod1");
    let id = &ids("comment_approved='0' AND comment_author='Odd agent'")[0];
    let row = row(id);
    let stale = server.here(&*backend, id);
    let reject = decision(id, Verb::Reject);
    backend.push(&Recording::new(&server.http, "reject"), &reject, &stale).unwrap();
    // the look before the push was too old: WordPress itself says that it was trashed
    let again = backend.push(&Recording::new(&server.http, "reject-again"), &reject, &stale).unwrap();
    assert_eq!((again.already, again.now.status), (true, Some(Status::Rejected)));
    let fresh = server.here(&*backend, id);
    let again = backend.push(&server.http, &reject, &fresh).unwrap();
    assert!(again.already);
    row.is_only_changed_to("trash");
}

#[test]
fn a_comment_deleted_for_good_is_gone() {
    let Some(server) = server("a_comment_deleted_for_good_is_gone") else { return };
    let backend = server.backend("mod1");
    sql(
        "INSERT INTO wp_comments (comment_post_ID, comment_author, comment_author_IP, comment_date, comment_date_gmt, \
         comment_content, comment_approved, comment_type) SELECT comment_post_ID, 'Doomed', '203.0.113.5', \
         comment_date, comment_date_gmt, 'x', '0', 'comment' FROM wp_comments LIMIT 1",
    );
    let id = ids("comment_author='Doomed'").pop().unwrap();
    let fresh = server.here(&*backend, &id);
    sql("DELETE FROM wp_comments WHERE comment_author='Doomed'");
    for verb in [Verb::Approve, Verb::Reject] {
        let wire = Recording::new(&server.http, "gone");
        assert_eq!(backend.push(&wire, &decision(&id, verb), &fresh), Err(Fault::Gone));
    }
    let mut no_ip = fresh.clone();
    no_ip.private.as_mut().unwrap().ip = Some(String::new());
    assert_eq!(backend.push(&server.http, &decision(&id, Verb::Spam), &no_ip), Err(Fault::Gone));
    let sights = backend.look(&server.http, std::slice::from_ref(&id)).unwrap();
    assert_eq!(sights, [Sight::Gone(id)]);
}

#[test]
fn without_xmlrpc_a_missing_address_becomes_wordpresss_own() {
    let Some(server) = server("without_xmlrpc_a_missing_address_becomes_wordpresss_own") else { return };
    let backend = server.backend("mod1");
    let _off = option("greenroom_mischief", "no-xmlrpc");
    let me = backend.identify(&server.http).unwrap();
    assert_eq!(me.caveats, ["caveat-wordpress-race", "caveat-wordpress-empty-ip"]);
    let id = &ids("comment_approved='0' AND comment_author='Odd both empty'")[0];
    let kept = row(id);
    let fresh = server.here(&*backend, id);
    let wire = Recording::new(&server.http, "empty-ip");
    backend.push(&wire, &decision(id, Verb::Approve), &fresh).unwrap();
    let now = stored(id).unwrap();
    assert_eq!((now.status.as_str(), now.agent.as_str()), ("1", ""));
    assert_eq!(now.ip, "3132372E302E302E31", "127.0.0.1");
    drop(kept);
}

#[test]
fn with_the_trash_switched_off_nothing_is_rejected() {
    let Some(server) = server("with_the_trash_switched_off_nothing_is_rejected") else { return };
    let backend = server.backend("mod1");
    let switch = std::path::PathBuf::from(script(&["home"]).trim()).join("tree/no-trash");
    std::fs::write(&switch, "").unwrap();
    let id = &ids("comment_approved='0' AND comment_author='Odd agent'")[0];
    let row = row(id);
    let fresh = server.here(&*backend, id);
    let wire = Recording::new(&server.http, "no-trash");
    let told = backend.push(&wire, &decision(id, Verb::Reject), &fresh);
    let spam = backend.push(&server.http, &decision(id, Verb::Spam), &fresh);
    std::fs::remove_file(switch).unwrap();
    assert!(matches!(&told, Err(Fault::Refused { status: 501, why }) if why.contains("trash")), "{told:?}");
    assert!(spam.is_ok());
    row.is_only_changed_to("spam");
}

#[test]
fn an_orphan_is_refused_with_the_reason() {
    let Some(server) = server("an_orphan_is_refused_with_the_reason") else { return };
    let backend = server.backend("mod1");
    sql(
        "INSERT INTO wp_comments (comment_post_ID, comment_author, comment_author_IP, comment_date, comment_date_gmt, \
         comment_content, comment_approved, comment_type) VALUES (99999999, 'Orphan', '203.0.113.5', \
         '2026-01-01', '2026-01-01', 'x', '0', 'comment')",
    );
    let id: NativeId = ids("comment_author='Orphan'").pop().unwrap();
    let fresh = server.here(&*backend, &id);
    let told = backend.push(&server.http, &decision(&id, Verb::Approve), &fresh);
    sql("DELETE FROM wp_comments WHERE comment_author='Orphan'");
    assert!(matches!(&told, Err(Fault::Refused { status: 404, why }) if why.contains("article")), "{told:?}");
}
