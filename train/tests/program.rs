//! The program as it is called: what it lists, and what it says where something is not there.
//!
//! Since there is a test of the program, `cargo test` builds it too, with what all other tests are built with.

use std::process::{Command, Output};

fn train(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_train")).args(arguments).output().unwrap()
}

#[test]
fn inspect_lists_every_network_with_its_parameters() {
    let output = train(&["inspect"]);
    assert!(output.status.success());
    let said = String::from_utf8(output.stdout).unwrap();
    for name in ["ResUnet++", "U-Net", "UNet++", "Attention U-Net", "UNet 3+"] {
        let line = said.lines().find(|line| line.contains(name));
        assert!(line.is_some_and(|line| line.chars().any(|letter| letter.is_ascii_digit())), "{name} in {said}");
    }
}

#[test]
fn a_folder_that_is_not_there_is_named_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let (missing, split) = (folder.path().join("missing"), folder.path().join("split.json"));
    let [data, split] = [&missing, &split].map(|path| path.to_str().unwrap());
    let output = train(&["split", "--data", data, "--output", split]);
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: ") && said.contains(data), "{said}");
    assert!(!std::path::Path::new(split).exists());
}
