//! A program that answers prompts: started once, asked line by line, ended with its owner.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use imaging::{Mask, Prompt, Slice};
use serde::de::DeserializeOwned;

use super::message::{Answer, Greeting, Kind, Request, Said, Sequences, mask};
use crate::correct::answerer::{AnswerError, Answered, Answerer, Answering, Begun, PeerFault, obeys};

/// What a program may take for an answer; the first one waits for its weights too.
const PATIENCE: Duration = Duration::from_secs(900);
/// Letters of a wrong answer that an error repeats.
const QUOTED: usize = 80;

/// A running program.
pub struct Program {
    /// What was started.
    line: String,
    greeting: Greeting,
    talk: Mutex<Talk>,
}

/// The two ends of its pipes.
struct Talk {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
    patience: Duration,
}

impl Program {
    /// Starts a program, given with its arguments, and hears what it is.
    ///
    /// # Errors
    ///
    /// [`AnswerError::Peer`] if it does not run or says something else.
    pub fn start(command: &[String]) -> Result<Self, AnswerError> {
        Self::start_with(command, PATIENCE)
    }

    fn start_with(command: &[String], patience: Duration) -> Result<Self, AnswerError> {
        let line = command.join(" ");
        let greeted = Talk::start(command, patience).and_then(|mut talk| Ok((talk.hear::<Greeting>()?, talk)));
        match greeted {
            Ok((greeting, talk)) => Ok(Self { line, greeting, talk: Mutex::new(talk) }),
            Err(fault) => Err(AnswerError::Peer(line, fault)),
        }
    }

    /// What it says of itself.
    pub fn greeting(&self) -> &Greeting {
        &self.greeting
    }

    fn ask(&self, request: &Request) -> Result<Answer, AnswerError> {
        let mut talk = self.talk.lock().unwrap_or_else(PoisonError::into_inner);
        talk.ask(request).map_err(|fault| AnswerError::Peer(self.line.clone(), fault))
    }
}

impl Talk {
    fn start(command: &[String], patience: Duration) -> Result<Self, PeerFault> {
        let (program, arguments) = command.split_first().map_or(("", command), |(first, rest)| (first.as_str(), rest));
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(PeerFault::NotStarted)?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (input, output) = input.zip(output).expect("both were asked for");
        let (sender, lines) = channel();
        // A pipe has no time limit of its own. The thread ends with the program.
        thread::spawn(move || {
            BufReader::new(output).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Ok(Self { child, input, lines, patience })
    }

    fn ask(&mut self, request: &Request) -> Result<Answer, PeerFault> {
        let line = serde_json::to_string(request).expect("numbers can be written") + "\n";
        self.input.write_all(line.as_bytes()).and_then(|()| self.input.flush()).map_err(|_| PeerFault::Ended)?;
        self.hear()
    }

    fn hear<T: DeserializeOwned>(&mut self) -> Result<T, PeerFault> {
        let line = self.lines.recv_timeout(self.patience).map_err(|error| match error {
            RecvTimeoutError::Timeout => PeerFault::Silent(self.patience),
            RecvTimeoutError::Disconnected => PeerFault::Ended,
        })?;
        let quoted = || line.chars().take(QUOTED).collect::<String>();
        serde_json::from_str(&line).map_err(|error| PeerFault::Garbled(format!("{error}: {}", quoted())))
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Answerer for Program {
    fn is_parallel(&self) -> bool {
        false
    }

    fn takes(&self, prompt: &Prompt) -> bool {
        self.greeting.takes.contains(&Kind::of(prompt))
    }

    fn open<'a>(&'a self, begun: Begun<'a>) -> Box<dyn Answering + 'a> {
        let mask = begun.map.mask(begun.threshold);
        Box::new(Conversation { program: self, slice: begun.slice, prompts: Vec::new(), mask })
    }
}

/// What was said about one slice.
struct Conversation<'a> {
    program: &'a Program,
    slice: &'a Slice,
    prompts: Vec<Prompt>,
    mask: Mask,
}

impl Answering for Conversation<'_> {
    fn mask(&self) -> &Mask {
        &self.mask
    }

    fn answer(&mut self, prompt: Prompt) -> Result<Answered, AnswerError> {
        let clock = Instant::now();
        let slice = self.prompts.is_empty().then(|| Sequences::of(self.slice));
        self.prompts.push(prompt);
        let prompts = self.prompts.iter().map(Said::of).collect();
        let answer = self.program.ask(&Request { slice, prompts, previous: self.mask.runs() })?;
        let size = self.slice.size();
        self.mask = mask(&answer.mask, size).map_err(|fault| AnswerError::Peer(self.program.line.clone(), fault))?;
        let obeyed_by_itself = self.prompts.last().is_some_and(|prompt| obeys(&self.mask, prompt));
        Ok(Answered { obeyed_by_itself, seconds: clock.elapsed().as_secs_f64(), window: None })
    }
}

#[cfg(all(test, unix))]
mod tests {
    use imaging::PromptKind;

    use super::*;

    const GREETING: &str = r#"{"peer":"Fake","takes":["click"],"how":"a shell"}"#;

    /// What the shell says after the greeting makes of a click on a slice of 4 × 2.
    fn answered(script: &str) -> Result<(Mask, bool), String> {
        let shell = ["sh".to_owned(), "-c".to_owned(), format!("echo '{GREETING}'; {script}")];
        let program = Program::start_with(&shell, Duration::from_secs(5)).map_err(|error| error.to_string())?;
        let slice = Slice::new(4, 2, vec![vec![0.5; 8]]);
        let mask = Mask::new(4, 2, vec![false; 8]);
        let mut open = Conversation { program: &program, slice: &slice, prompts: Vec::new(), mask };
        let mut obeyed = true;
        for x in [1.0, 2.0] {
            let prompt = Prompt::click(x, 0.0, PromptKind::Tumor);
            assert!(program.takes(&prompt) && !program.takes(&Prompt::around([], PromptKind::Tumor)));
            obeyed = open.answer(prompt).map_err(|error| error.to_string())?.obeyed_by_itself;
        }
        Ok((open.mask, obeyed))
    }

    #[test]
    fn a_peer_that_answers_the_truth_is_believed() {
        let truth = Mask::new(4, 2, vec![false, true, true, false, false, false, false, false]);
        let (mask, obeyed) = answered(r#"while read line; do echo '{"mask":[1,2,5]}'; done"#).unwrap();
        assert!(mask == truth && obeyed);
        let (_, obeyed) = answered(r#"while read line; do echo '{"mask":[8]}'; done"#).unwrap();
        assert!(!obeyed, "nobody holds a peer to its prompts");
    }

    #[test]
    fn a_peer_hears_the_slice_once_and_all_prompts_each_time() {
        let heard = r#"case "$line" in *'"slice":{"width":4,"height":2,"pre":[0.5,'*) echo '{"mask":[1,1,6]}';;
            '{"prompts":[{"kind":"click","tumor":true,"places":[[1.0,0.0]]},{'*'}],"previous":[1,1,6]}') echo '{"mask":[2,1,5]}';;
            *) echo "$line";; esac"#;
        let (mask, _) = answered(&format!("while read -r line; do {heard}; done")).unwrap();
        assert!(mask.contains(2, 0) && !mask.contains(1, 0));
    }

    #[test]
    fn a_peer_that_gives_no_answer_is_named_with_what_is_wrong() {
        for (script, said) in [
            ("echo hello; cat >/dev/null", "answered what is no answer"),
            (r#"echo '{"mask":[3]}'; cat >/dev/null"#, "a mask of 3 pixels on a slice of 8"),
            (r#"echo '{"mask":[-1,9]}'; cat >/dev/null"#, "answered what is no answer"),
            ("exit 3", "ended in place of an answer"),
            (r#"read line; echo '{"mask":[8]}'; exit"#, "ended in place of an answer"),
        ] {
            let error = answered(script).unwrap_err();
            assert!(error.contains(said) && error.starts_with("the peer `sh -c"), "{script}: {error}");
        }
        let start = |command: &[&str]| {
            let command: Vec<String> = command.iter().map(|&word| word.to_owned()).collect();
            Program::start_with(&command, Duration::from_millis(300)).err().unwrap().to_string()
        };
        assert!(start(&["/nowhere/peer"]).contains("cannot be started"));
        assert!(start(&[]).contains("cannot be started"));
        assert!(start(&["sleep", "60"]).contains("has not answered within 300ms"));
        assert!(start(&["echo", "hello"]).contains("answered what is no answer"));
    }
}
