//! Other programs: printed before they run, and named when they fail.

use std::env;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// What went wrong, as a sentence that names the missing or failing thing.
pub type Problem = String;

/// What the system said of a file or folder.
pub fn problem_with(path: &Path, error: io::Error) -> Problem {
    format!("{}: {error}", path.display())
}

/// Where the project's own tools are installed; without it `.tools` in the repository.
const TOOLS: &str = "GLIOLENS_TOOLS";
/// How a program's file may end on this system.
const ENDINGS: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ".bat", ""] } else { &[""] };

/// The repository's top folder.
pub fn root() -> PathBuf {
    // Asked as it runs: a program built in a shared target folder may come from another clone.
    let own =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    own.parent().expect("xtask lies in the repository").to_owned()
}

/// The folder that the project's own tools are installed into.
pub fn tools_folder() -> PathBuf {
    env::var_os(TOOLS).filter(|folder| !folder.is_empty()).map_or_else(|| root().join(".tools"), PathBuf::from)
}

/// The folder that cargo compiles into.
pub fn target_folder() -> PathBuf {
    // Cargo is run in the repository's top folder, where a relative name begins.
    let named = env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
    root().join(named.unwrap_or_else(|| "target".into()))
}

/// A native program of the workspace as tests build it.
pub fn built(name: &str) -> String {
    let name = format!("debug/{name}{}", env::consts::EXE_SUFFIX);
    target_folder().join(name).to_string_lossy().into_owned()
}

/// A program to run in the repository's top folder, with the project's own tools found first.
pub fn program(name: &str) -> Command {
    // Windows finds `npm.cmd` only by its whole name.
    let file = if cfg!(windows) && !Path::new(name).is_absolute() { found(name) } else { None };
    let mut command = Command::new(file.unwrap_or_else(|| PathBuf::from(name)));
    let path = env::join_paths(places()).expect("folders on PATH have no separator");
    command.current_dir(root()).env("PATH", path);
    command
}

/// Runs a program and prints its command line.
pub fn run(command: &mut Command) -> Result<(), Problem> {
    let line = describe(command);
    println!("→ {line}");
    let status = command.status().map_err(|error| not_started(command, &error))?;
    succeeded(&line, status)
}

fn not_started(command: &Command, error: &io::Error) -> Problem {
    format!("`{}` cannot be started: {error}", command.get_program().to_string_lossy())
}

fn succeeded(line: &str, status: ExitStatus) -> Result<(), Problem> {
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed ({status})")) }
}

/// Runs a program as [`run`] does, and gives what it said on its standard output, which is printed as it comes.
pub fn run_heard(command: &mut Command) -> Result<String, Problem> {
    let line = describe(command);
    println!("→ {line}");
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| not_started(command, &error))?;
    let mut heard = String::new();
    for said in child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines) {
        // What is no text is no line of ours.
        let said = said.unwrap_or_default();
        println!("{said}");
        heard += &said;
        heard.push('\n');
    }
    let status = child.wait().map_err(|error| format!("`{line}` failed ({error})"))?;
    succeeded(&line, status).map(|()| heard)
}

/// What a program prints, if it runs and succeeds.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a program can be found.
pub fn exists(name: &str) -> bool {
    found(name).is_some()
}

/// The file of a program.
fn found(name: &str) -> Option<PathBuf> {
    let named = |folder: PathBuf| ENDINGS.iter().map(move |ending| folder.join(format!("{name}{ending}")));
    places().into_iter().flat_map(named).find(|path| path.is_file())
}

/// The folders that programs are looked for in.
fn places() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    [tools_folder().join("bin")].into_iter().chain(env::split_paths(&path)).collect()
}

fn describe(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
