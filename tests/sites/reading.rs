//! Signing in and everything that only reads.

use crate::wordpress::{Recording, ids, option, password, server, sql};
use greenroom::backend::{Fault, Secret, open, wordpress};
use greenroom::domain::{
    ArticleKey, AuthorKey, Covers, Cursor, Item, NativeId, Order, Page, Parent, Queue, Sight, Status,
};
use std::collections::BTreeSet;

#[test]
fn a_site_is_found_by_whatever_address_a_person_has() {
    let Some(server) = server("a_site_is_found_by_whatever_address_a_person_has") else { return };
    let bare = server.address.trim_start_matches("http://").to_owned();
    let inside = ["", "/", "/wp-json", "/wp-json/", "/wp-admin/edit-comments.php", "/wp-login.php", "/?p=5"];
    for address in inside.map(|path| format!("{}{path}", server.address)).iter().chain([&bare]) {
        let found = wordpress::discover(&server.http, address).unwrap();
        assert_eq!((found.base, found.name.as_str()), (server.base(), "Harbour Gazette"), "{address}");
    }
    let found = greenroom::backend::discover(&server.http, &server.address).unwrap();
    assert_eq!(found.backend, greenroom::domain::Backend::WordPress);
}

#[test]
fn an_editor_signs_in() {
    let Some(server) = server("an_editor_signs_in") else { return };
    let wire = Recording::new(&server.http, "identify");
    let me = server.backend("mod1").identify(&wire).unwrap();
    assert_eq!((me.name.as_str(), me.site_name.as_str()), ("Mona Moderator", "Harbour Gazette"));
    assert_eq!(me.caveats, ["caveat-wordpress-race"]);
    let without = server.backend_with("mod1", Secret::new(password("mod1").reveal().replace(' ', "")));
    assert!(without.identify(&server.http).is_ok(), "the password's spaces do not count");
}

#[test]
fn a_wrong_password_is_told_from_too_few_rights() {
    let Some(server) = server("a_wrong_password_is_told_from_too_few_rights") else { return };
    let wrong = server.backend_with("mod1", Secret::new("wrong pass word"));
    let told = wrong.identify(&Recording::new(&server.http, "wrong-password"));
    assert!(matches!(&told, Err(Fault::Unauthorized { why }) if why.contains("password")), "{told:?}");
    let pulled = wrong.pull(&server.http, &Queue::pending(Order::Oldest), &Cursor::Start);
    assert!(matches!(pulled, Err(Fault::Unauthorized { .. })), "{pulled:?}");
    assert!(matches!(wrong.look(&server.http, &[NativeId("2".into())]), Err(Fault::Unauthorized { .. })));
    for login in ["reader1", "author1"] {
        let told = server.backend(login).identify(&Recording::new(&server.http, "few-rights"));
        assert!(
            matches!(&told, Err(Fault::Forbidden { why }) if why.contains("moderate")),
            "{login} {told:?}"
        );
    }
}

fn walk(pull: &dyn Fn(&Cursor) -> Page) -> Vec<Page> {
    let mut pages = vec![pull(&Cursor::Start)];
    while let Some(next) = pages.last().unwrap().next.clone() {
        pages.push(pull(&next));
        assert!(pages.len() < 100, "the walk does not end");
    }
    pages
}

fn read(page: &Page) -> Vec<NativeId> {
    let ids = page.items.iter().map(|item| match item {
        Item::Read(here) => here.native_id.clone(),
        Item::Unreadable(here) => panic!("{here:?}"),
    });
    ids.collect()
}

#[test]
fn every_pending_comment_is_pulled_and_the_pages_join() {
    let Some(server) = server("every_pending_comment_is_pulled_and_the_pages_join") else { return };
    let wire = Recording::new(&server.http, "pull");
    let backend = server.backend("mod1");
    let theirs: BTreeSet<_> = ids("comment_approved='0'").into_iter().collect();
    for (order, page_size) in [(Order::Oldest, 100), (Order::Newest, 64), (Order::Oldest, 333)] {
        let queue = Queue { page_size, ..Queue::pending(order) };
        let pages = walk(&|cursor| backend.pull(&server.http, &queue, cursor).unwrap());
        let ours: BTreeSet<_> = pages.iter().flat_map(read).collect();
        assert_eq!(ours, theirs);
        let spans: Vec<Covers> = pages.iter().map(|page| page.covers.unwrap()).collect();
        let join = |pair: &[Covers]| pair[0].id_max >= pair[1].id_min && pair[1].id_max >= pair[0].id_min;
        assert!(spans.windows(2).all(join), "{spans:?}");
        assert!(pages.iter().all(|page| page.total == Some(theirs.len() as u64)));
    }
    let kinds: BTreeSet<_> =
        pages_kinds(&backend.pull(&server.http, &Queue::pending(Order::Oldest), &Cursor::Start).unwrap());
    assert!(kinds.is_superset(&["comment", "pingback", "trackback"].map(str::to_owned).into()), "{kinds:?}");
    let small = Queue { page_size: 12, ..Queue::pending(Order::Oldest) };
    backend.pull(&wire, &small, &Cursor::Start).unwrap();
    let past = backend.pull(&wire, &small, &Cursor::Offset(100_000)).unwrap();
    assert_eq!((past.items.len(), past.next, past.covers), (0, None, None));
    assert_eq!(past.total, Some(theirs.len() as u64));
}

#[test]
fn what_moves_during_a_walk_is_seen_in_its_covers() {
    let Some(server) = server("what_moves_during_a_walk_is_seen_in_its_covers") else { return };
    let backend = server.backend("mod1");
    let queue = Queue::pending(Order::Oldest);
    let pending = ids("comment_approved='0'");
    for (decided, joins) in [(5, true), (50, false)] {
        let first = backend.pull(&server.http, &queue, &Cursor::Start).unwrap();
        let approved: Vec<_> = pending[..decided].iter().map(|id| id.0.as_str()).collect();
        let approved = format!("comment_ID IN ({})", approved.join(","));
        sql(&format!("UPDATE wp_comments SET comment_approved='1' WHERE {approved}"));
        let second = backend.pull(&server.http, &queue, first.next.as_ref().unwrap());
        sql(&format!("UPDATE wp_comments SET comment_approved='0' WHERE {approved}"));
        let (second, first) = (second.unwrap(), first.covers.unwrap());
        let seen = second.covers.unwrap();
        // an id is skipped exactly where the spans leave room for it
        let between = pending.iter().map(|id| id.0.parse::<u64>().unwrap());
        let skipped = between.filter(|&id| id > first.id_max && id < seen.id_min).count();
        assert_eq!(skipped == 0, joins, "{decided} decided, {skipped} skipped");
        assert_eq!(second.total, Some((pending.len() - decided) as u64));
    }
}

fn pages_kinds(page: &Page) -> BTreeSet<String> {
    let kinds = page.items.iter().filter_map(|item| match item {
        Item::Read(here) => here.kind.clone(),
        Item::Unreadable { .. } => None,
    });
    kinds.collect()
}

#[test]
fn other_queues_and_one_article_are_read_through() {
    let Some(server) = server("other_queues_and_one_article_are_read_through") else { return };
    let backend = server.backend("mod1");
    for (status, word) in [(Status::Approved, "1"), (Status::Spam, "spam"), (Status::Rejected, "trash")] {
        let queue = Queue { status: Some(status), ..Queue::pending(Order::Newest) };
        let page = backend.pull(&server.http, &queue, &Cursor::Start).unwrap();
        let theirs = ids(&format!("comment_approved='{word}'"));
        assert_eq!(page.total, Some(theirs.len() as u64), "{status:?}");
        for item in &page.items {
            assert!(matches!(item, Item::Read(here) if here.status == Some(status)));
        }
    }
    let article = &sql("SELECT comment_post_ID FROM wp_comments WHERE comment_approved='0' LIMIT 1")[0][0];
    let queue = Queue { article: Some(ArticleKey(article.clone())), ..Queue::pending(Order::Oldest) };
    let page = backend.pull(&server.http, &queue, &Cursor::Start).unwrap();
    assert_eq!(read(&page), ids(&format!("comment_approved='0' AND comment_post_ID={article}")));
    let reported = Queue { status: None, reported: true, ..Queue::pending(Order::Oldest) };
    assert!(matches!(backend.pull(&server.http, &reported, &Cursor::Start), Err(Fault::Refused { .. })));
}

#[test]
fn a_look_sees_every_status_and_type_in_the_order_asked() {
    let Some(server) = server("a_look_sees_every_status_and_type_in_the_order_asked") else { return };
    let backend = server.backend("mod1");
    let mut asked: Vec<NativeId> = Vec::new();
    for condition in [
        "comment_type='pingback' AND comment_approved='0'",
        "comment_approved='trash'",
        "comment_approved='spam'",
        "comment_approved='1' AND comment_type='comment'",
        "comment_type=''",
    ] {
        asked.push(ids(condition).pop().unwrap());
    }
    asked.push(NativeId("99999999".into()));
    asked.push(NativeId("not-a-number".into()));
    asked.reverse();
    let sights = backend.look(&Recording::new(&server.http, "look"), &asked).unwrap();
    let seen: Vec<_> = sights
        .iter()
        .map(|sight| match sight {
            Sight::Here(here) => (here.native_id.clone(), here.status),
            Sight::Unreadable(here) => panic!("{here:?}"),
            Sight::Missing(id) => (id.clone(), None),
            Sight::Gone(id) | Sight::Denied { native_id: id, .. } => {
                panic!("{id} is not proved gone by a list")
            }
        })
        .collect();
    let statuses = [
        None,
        None,
        Some(Status::Pending),
        Some(Status::Approved),
        Some(Status::Spam),
        Some(Status::Rejected),
        Some(Status::Pending),
    ];
    assert_eq!(seen, asked.into_iter().zip(statuses).collect::<Vec<_>>());
    let gone = [NativeId("99999999".into())];
    let sights = backend.look(&Recording::new(&server.http, "look-gone"), &gone).unwrap();
    assert_eq!(sights, [Sight::Gone(gone[0].clone())]);
}

#[test]
fn a_comment_is_read_whole() {
    let Some(server) = server("a_comment_is_read_whole") else { return };
    let backend = server.backend("mod1");
    let agent = server.here(&*backend, &ids("comment_author='Odd agent' AND comment_approved='0'")[0]);
    let private = agent.private.unwrap();
    assert_eq!(private.agent.as_deref(), Some("Mozilla/5.0 <b>%41%C3</b> \"x\" \\ & 100% (لب)"));
    assert!(private.ip.unwrap().starts_with("203.0.113."));
    assert!(matches!(agent.author.unwrap().key, Some(AuthorKey::Email(_))));
    let id = &ids("comment_author='Odd IPv6'")[0];
    let row =
        &sql(&format!("SELECT comment_date_gmt, comment_post_ID FROM wp_comments WHERE comment_ID={id}"))[0];
    let ipv6 = server.here(&*backend, id);
    assert_eq!(ipv6.created.unwrap().at.format("%Y-%m-%d %H:%M:%S").to_string(), row[0]);
    let article = ipv6.article.unwrap();
    assert_eq!(article.key.0, row[1]);
    assert!(!article.url.unwrap().contains('#'));
    let rtl = server.here(&*backend, &ids("comment_author='مریم احمدي'")[0]);
    assert!(rtl.body.unwrap().source.contains("دا خبر ډېر مهم دی؟ (له ۲۰۲۴ راهیسې)"));
    let hidden = server.here(&*backend, &ids("comment_author LIKE 'Emoji%'")[0]);
    assert!(hidden.body.unwrap().source.contains("\u{202e}gnp.exe"));
    assert_eq!(server.here(&*backend, &ids("comment_author='Another site'")[0]).author.unwrap().key, None);
}

#[test]
fn articles_are_found_among_posts_pages_and_other_types() {
    let Some(server) = server("articles_are_found_among_posts_pages_and_other_types") else { return };
    let key = |condition: &str| {
        ArticleKey(sql(&format!("SELECT ID FROM wp_posts WHERE {condition} LIMIT 1"))[0][0].clone())
    };
    let post = key("post_type='post' AND post_name='story-3'");
    let page = key("post_type='page' AND post_name LIKE 'story-%'");
    let dossier = key("post_type='dossier'");
    let protected = key("post_password<>''");
    let missing = ArticleKey("99999999".into());
    let keys = [post.clone(), page.clone(), dossier.clone(), protected.clone(), missing];
    let wire = Recording::new(&server.http, "articles");
    let found = server.backend("mod1").articles(&wire, &keys).unwrap();
    let by = |key: &ArticleKey| found.iter().find(|article| article.key == *key).unwrap();
    assert_eq!(found.len(), 4);
    for key in [&post, &page, &dossier] {
        let article = by(key);
        assert!(
            article.title.starts_with("Story ") && article.title.ends_with(" & more"),
            "{}",
            article.title
        );
        assert!(article.body.as_ref().unwrap().source.contains("<p>"));
        assert_eq!(article.withheld, None);
        assert!(article.byline.is_some() && article.published.is_some() && article.url.is_some());
    }
    // an editor may read what is protected from readers
    assert!(by(&protected).body.is_some());
}

#[test]
fn an_authors_record_is_counted_by_the_site() {
    let Some(server) = server("an_authors_record_is_counted_by_the_site") else { return };
    let row = &sql("SELECT comment_author_email, SUM(comment_approved='1'), SUM(comment_approved='0'), \
         SUM(comment_approved='trash'), SUM(comment_approved='spam') FROM wp_comments \
         WHERE comment_author_email LIKE 'reader%' GROUP BY 1 ORDER BY 2*3 DESC LIMIT 1")[0];
    let who = AuthorKey::Email(row[0].clone());
    let record = server.backend("mod1").author(&Recording::new(&server.http, "author"), &who).unwrap();
    let counts = [record.approved, record.pending, record.rejected, record.spam];
    assert_eq!(counts.map(|count| count.unwrap().to_string()), row[1..5]);
    assert!(record.since.is_some());
}

#[test]
fn a_thread_is_told_upwards_and_around() {
    let Some(server) = server("a_thread_is_told_upwards_and_around") else { return };
    let backend = server.backend("mod1");
    let rows =
        sql("SELECT c.comment_ID, p.comment_ID, p.comment_parent FROM wp_comments c JOIN wp_comments p \
         ON c.comment_parent=p.comment_ID WHERE p.comment_parent<>0 LIMIT 1");
    let [child, parent, grandparent] = [0, 1, 2].map(|n| NativeId(rows[0][n].clone()));
    let of = server.here(&*backend, &child);
    assert_eq!(of.parent, Some(Parent::Reply(parent.clone())));
    let thread = backend.thread(&Recording::new(&server.http, "thread"), &of).unwrap();
    let thread: Vec<_> = thread.iter().filter_map(|here| here.native_id().cloned()).collect();
    let above: Vec<_> = thread.iter().filter(|id| [&parent, &grandparent].contains(id)).cloned().collect();
    assert_eq!(above, [grandparent.clone(), parent]);
    assert!(!thread.contains(&child));
    let top = server.here(&*backend, &grandparent);
    assert!(!backend.thread(&server.http, &top).unwrap().is_empty(), "replies below are told too");
}

#[test]
fn a_site_without_permalinks_is_moderated_the_same() {
    let Some(server) = server("a_site_without_permalinks_is_moderated_the_same") else { return };
    let _plain = (option("permalink_structure", ""), option("rewrite_rules", ""));
    let found = server.found();
    assert_eq!(found.base, format!("{}/index.php?rest_route=", server.address));
    let backend = open(&server.site(&found.base, "mod1"), password("mod1")).unwrap();
    let me = backend.identify(&server.http).unwrap();
    assert_eq!(me.caveats, ["caveat-wordpress-race"]);
    let page = backend.pull(&server.http, &Queue::pending(Order::Oldest), &Cursor::Start).unwrap();
    assert_eq!(page.items.len(), 100);
    let id = &ids("comment_author='Odd empty IP' AND comment_approved='0'")[0];
    let row = crate::wordpress::row(id);
    let fresh = server.here(&*backend, id);
    let decision = crate::wordpress::decision(id, greenroom::domain::Verb::Approve);
    backend.push(&server.http, &decision, &fresh).unwrap();
    row.is_only_changed_to("1");
}
