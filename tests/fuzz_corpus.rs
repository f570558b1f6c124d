//! The inputs that the fuzzer kept, played again: see `tests/fuzz/run`.

use greenroom::{backend, domain, net, text};

#[path = "fuzz/checks.rs"]
mod checks;
#[path = "fuzz/packed.rs"]
mod packed;
#[path = "fuzz/wire.rs"]
mod wire;

/// Plays a packed corpus; a file that lost its inputs proves nothing.
fn play(name: &str, least: usize, check: fn(&[u8])) {
    let path = format!("{}/tests/fuzz/corpus/{name}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).unwrap();
    let inputs = packed::unpack(&bytes);
    assert!(inputs.len() >= least, "{} inputs", inputs.len());
    assert_eq!(bytes.len(), inputs.iter().map(|input| input.len() + 4).sum::<usize>(), "the file is cut");
    inputs.into_iter().for_each(check);
}

#[test]
fn what_the_fuzzer_kept_of_texts_still_holds() {
    play("read", 100, checks::read);
}

#[test]
fn what_the_fuzzer_kept_of_links_still_holds() {
    play("link", 100, checks::link);
}

#[test]
fn what_the_fuzzer_kept_of_wordpress_still_holds() {
    play("wordpress", 100, wire::wordpress);
}

#[test]
fn what_the_fuzzer_kept_of_cmh_still_holds() {
    play("cmh", 100, wire::cmh);
}

#[test]
fn a_corpus_comes_out_of_its_file_as_it_went_in() {
    let inputs = vec![b"longer".to_vec(), Vec::new(), b"b".to_vec()];
    let file = packed::pack(inputs);
    assert_eq!(packed::unpack(&file), [&b""[..], b"b", b"longer"]);
    assert_eq!(packed::unpack(&file[..file.len() - 1]).len(), 2);
}
