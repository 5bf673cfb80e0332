//! Other programs: said aloud before they run, and named when they fail.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What went wrong, as a sentence that names the missing or failing thing.
pub type Problem = String;

/// The repository's top folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository").to_owned()
}

/// A program to run in the repository's top folder, with the project's own tools found first.
pub fn program(name: &str) -> Command {
    let mut command = Command::new(name);
    let own = root().join(".tools/bin");
    let path = env::var_os("PATH").unwrap_or_default();
    let paths = [own].into_iter().chain(env::split_paths(&path));
    command.current_dir(root()).env("PATH", env::join_paths(paths).expect("folders on PATH have no separator"));
    command
}

/// Runs a program and says so.
pub fn run(command: &mut Command) -> Result<(), Problem> {
    let line = describe(command);
    println!("→ {line}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{line}` failed ({status})")),
        Err(error) => Err(format!("`{}` cannot be started: {error}", command.get_program().to_string_lossy())),
    }
}

/// What a program prints, if it runs and succeeds.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a program is to be found.
pub fn exists(name: &str) -> bool {
    let own = root().join(".tools/bin");
    let path = env::var_os("PATH").unwrap_or_default();
    [own].into_iter().chain(env::split_paths(&path)).any(|folder| folder.join(name).is_file())
}

fn describe(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
