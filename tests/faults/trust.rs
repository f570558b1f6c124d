//! Who answers must prove who it is: certificates as the system's roots judge them, and a site that is reached by IPv6 only.

use super::authority::{Authority, Flaw};
use super::desk::{Evening, Site};
use super::program::Program;
use super::proxy::{Dialect, Proxy};
use std::io::{Read as _, Write as _};
use std::net::{Ipv6Addr, TcpListener};
use std::sync::Arc;

/// What the command line says of each certificate.
const SAID: [(Flaw, &str); 5] = [
    (
        Flaw::Expired,
        "its certificate has expired. Whoever runs the site has to renew it. If other sites say the same, this \
         computer’s clock is wrong",
    ),
    (
        Flaw::Early,
        "its certificate is not valid yet. Set this computer’s clock, or ask whoever runs the site",
    ),
    (
        Flaw::OtherName,
        "its certificate is for another name. Check the address, or ask whoever runs the site for the right one",
    ),
    (
        Flaw::SelfSigned,
        "its certificate is signed by nobody this computer trusts. Whoever runs the site can get a recognised one. If \
         your newsroom signs its own, add its authority to those this computer trusts",
    ),
    (
        Flaw::OwnAuthority,
        "its certificate is signed by nobody this computer trusts. Whoever runs the site can get a recognised one. If \
         your newsroom signs its own, add its authority to those this computer trusts",
    ),
];

#[test]
fn a_certificate_is_believed_by_the_systems_roots_alone() {
    let authority = Authority::new();
    println!("| certificate | code | printed |\n|---|---|---|");
    for (flaw, wanted) in SAID {
        let program = Program::before(Dialect::Cmh, Some(authority.file()));
        program.proxy.accept_by(authority.accept(flaw));
        let added = program.add();
        println!("| {flaw:?} | {:?} | {} |", added.code, added.err.trim());
        assert_eq!(added.code, Some(1), "{flaw:?}: {added:?}");
        let said = "greenroom: Nothing was sent, for it is not sure that this is the site: ";
        assert_eq!(added.err.trim(), format!("{said}{wanted}"), "{flaw:?}");
        assert_eq!(program.proxy.seen().len(), 0, "{flaw:?}: something was said to it");
    }
    let program = Program::before(Dialect::Cmh, Some(authority.file()));
    program.proxy.accept_by(authority.accept(Flaw::None));
    let added = program.add();
    println!("| good | {:?} | {} |", added.code, added.err.trim());
    assert_eq!(added.code, Some(0), "{added:?}");
    assert!(!program.proxy.seen().is_empty());
    // The same certificate, and nobody on this machine who vouches for it.
    let another = Authority::new();
    let stranger = Program::before(Dialect::Cmh, Some(another.file()));
    stranger.proxy.accept_by(authority.accept(Flaw::None));
    let refused = stranger.add();
    assert!(refused.code == Some(1) && refused.err.contains("signed by nobody"), "{refused:?}");
    let plain = Program::before(Dialect::Cmh, Some(authority.file()));
    plain.proxy.accept_by(Arc::new(|mut stream| {
        let _ = stream.read(&mut [0; 512]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        None
    }));
    let refused = plain.add();
    println!("| none: http on that port | {:?} | {} |", refused.code, refused.err.trim());
    let said = "The site cannot be reached: it does not answer by https as it should: https://localhost";
    assert!(refused.code == Some(1) && refused.err.contains(said), "{refused:?}");
}

#[test]
fn roots_that_cannot_be_read_are_named() {
    let program = Program::before(Dialect::Cmh, Some("/nonexistent/authority.pem".into()));
    let refused = program.add();
    println!("{}", refused.err);
    let said = "greenroom: Secure connections cannot be set up on this machine: No CA certificates were loaded from the \
                system. On Debian, install ca-certificates. If SSL_CERT_FILE is set, see that it names a file";
    assert!(refused.code == Some(1) && refused.err.trim() == said, "{refused:?}");
}

#[test]
fn a_decision_waits_for_a_certificate_to_be_renewed() {
    let authority = Authority::new();
    let program = Program::before(Dialect::Cmh, Some(authority.file()));
    program.proxy.accept_by(authority.accept(Flaw::None));
    assert_eq!(program.add().code, Some(0));
    assert_eq!(program.run(&["pull"]).code, Some(0));
    let Site::Cmh(demo) = &program.site else { unreachable!() };
    let native = demo.with_world(|world| world.pending_ids()[0].clone());
    program.proxy.accept_by(authority.accept(Flaw::Expired));
    program.proxy.end();
    let comment = format!("the-brackwater-gazette:{native}");
    let decided = program.run(&["decide", "approve", &comment, "--hold", "0"]);
    assert_eq!(decided.code, Some(5), "{decided:?}");
    let pulled = program.run(&["pull"]);
    println!("{}{}", pulled.out, pulled.err);
    assert_eq!(pulled.code, Some(5), "{pulled:?}");
    assert_eq!(pulled.err.trim(), "greenroom: It is not trusted: its certificate has expired");
    assert_eq!(program.site.done(&native), (0, false));
    program.proxy.accept_by(authority.accept(Flaw::None));
    let pulled = program.run(&["pull"]);
    assert_eq!(pulled.code, Some(0), "{pulled:?}");
    assert_eq!(program.site.done(&native), (1, true));
}

#[test]
fn a_site_by_ipv6_only_is_a_site_like_any_other() {
    for dialect in [Dialect::Cmh, Dialect::WordPress] {
        let Ok(listener) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) else {
            eprintln!("SKIPPED: this machine has no IPv6, so no site was reached by it");
            return;
        };
        let site = Site::start(dialect);
        let proxy = Proxy::on(listener, site.address(), dialect);
        let mut evening = Evening::behind(site, proxy);
        let undelivered = evening.decide();
        assert!(undelivered.is_empty(), "{undelivered:?}");
        assert!(evening.proxy.address().is_ipv6() && !evening.proxy.seen().is_empty());
    }
}
