//! What a site can make the program hold: memory and open files, measured on the real program while it meets answers
//! without end.

use super::fault::{Changed, How, Scope, TRANSPORT};
use super::mangle;
use super::program::{Peak, Program};
use super::proxy::Dialect;
use std::time::Duration;

/// Memory that reading a site may take beyond what it takes where nothing is wrong. An answer of 16 MiB is held as bytes, as
/// text and cut into comments, four of them at most are under way.
const BEYOND_MIB: u64 = 192;
/// Descriptors open at once: the desk's file and its readers, and a few connections.
const FILES_MAX: usize = 64;

fn how(name: &str) -> How {
    TRANSPORT.iter().find(|kind| kind.name == name).unwrap().how
}

/// One page just below the cap, of a comment without end.
fn swollen() -> How {
    How::Changed(Changed(|_, told, _| told.change(|value| mangle::swell(value, 15 << 20))))
}

#[test]
fn no_answer_makes_the_program_grow_without_bound() {
    let most = Duration::from_secs(9);
    println!("| answer | system | peak MiB | open files | printed |\n|---|---|---|---|---|");
    for dialect in [Dialect::Cmh, Dialect::WordPress] {
        let program = Program::before(dialect, None);
        assert_eq!(program.add().code, Some(0));
        let (calm, usual) = program.measure(&["pull"], most);
        println!("| as usual | {dialect:?} | {} | {} | {} |", usual.mib, usual.files, calm.out.trim());
        assert_eq!(calm.code, Some(0), "{calm:?}");
        for (name, how) in [
            ("gzip bomb of 1 GiB", how("gzip bomb")),
            ("a page of a gigabyte", how("a page of a gigabyte")),
            ("a header of a megabyte", how("a header of a megabyte")),
            ("a comment of 15 MiB", swollen()),
        ] {
            program.proxy.begin(how, Scope::Pages);
            let (ran, Peak { mib, files }) = program.measure(&["pull"], most);
            let met = program.proxy.seen().iter().filter(|seen| seen.met).count();
            program.proxy.end();
            println!("| {name} | {dialect:?} | {mib} | {files} | {} {} |", ran.out.trim(), ran.err.trim());
            assert!(met > 0, "{name}: nothing met it");
            assert!(mib < usual.mib + BEYOND_MIB, "{name}: {mib} MiB, {} as usual", usual.mib);
            assert!(files <= FILES_MAX, "{name}: {files} files, {} as usual", usual.files);
        }
        let (after, _) = program.measure(&["pull"], most);
        assert_eq!(after.code, Some(0), "{after:?}");
    }
}
