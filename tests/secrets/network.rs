//! A site on a private network, without encryption, where a person says so: over real HTTP, in a network that is this test's
//! own.

use crate::planted::Ear;
use crate::{Desk, SLUG, TOKEN, newsroom};
use std::io::Write as _;
use std::process::Command;

const ADDRESS: &str = "10.77.0.1";
const INNER: &str = "GREENROOM_TEST_NETWORK";

/// Runs this very test again where [`ADDRESS`] is an address of this machine and nobody else is on the network.
fn in_own_network(test: &str) -> bool {
    if std::env::var_os(INNER).is_some() {
        return true;
    }
    let setup = format!("ip link set lo up && ip addr add {ADDRESS}/32 dev lo");
    let network = |script: String| {
        let mut command = Command::new("unshare");
        command.args(["--net", "sh", "-c", &script]);
        command
    };
    if !network(setup.clone()).status().is_ok_and(|status| status.success()) {
        // Past the harness, which shows nothing of a test that passes.
        let mut past = std::io::stderr().lock();
        writeln!(past, "NOT TESTED: no network of its own can be made here (unshare, ip)").unwrap();
        return false;
    }
    let own = std::env::current_exe().unwrap();
    let script = format!("{setup} && exec {} --exact {test} --nocapture", own.display());
    let output = network(script).env(INNER, "1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    false
}

#[test]
fn a_private_network_is_spoken_to_in_clear_only_where_a_person_said_so() {
    if !in_own_network("network::a_private_network_is_spoken_to_in_clear_only_where_a_person_said_so") {
        return;
    }
    let site = newsroom(8);
    let ear = Ear::towards_on(ADDRESS, site.address());
    let origin = format!("http://{}", ear.address);
    site.with_world(|world| world.set_origin(&origin));
    let desk = Desk::new("unix:path=/nonexistent/bus");
    let heard = || ear.heard.lock().unwrap().len();

    let refused = desk.run_with_input(&["sites", "add", "cmh", &origin], TOKEN);
    assert!(!refused.status.success(), "{refused:?}");
    assert!(!String::from_utf8_lossy(&ear.heard.lock().unwrap()).contains(TOKEN));
    let before = heard();
    let asked = ["sites", "add", "cmh", &origin, "--insecure-private-network"];
    let added = desk.run_with_input(&asked, TOKEN);
    assert!(added.status.success() && heard() > before, "{added:?}");
    // The next start knows it of the site.
    let with_secret = |args: &[&str]| desk.command(args).env(crate::VARIABLE, TOKEN).output().unwrap();
    let pulled = with_secret(&["pull", "--json"]);
    assert!(pulled.status.success(), "{pulled:?}");
    assert!(String::from_utf8_lossy(&pulled.stdout).contains('8'), "{pulled:?}");
    let checked = with_secret(&["sites", "check"]);
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.status.success() && said.contains("without encryption"), "{said}");
    assert!(desk.run(&["sites", "remove", SLUG]).status.success());
}
