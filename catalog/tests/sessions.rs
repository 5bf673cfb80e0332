//! Session files, written and dropped.

mod made;

use made::{Desk, Heard, examination, png, text, zipped};
use protocol::{FromWorker, ToWorker};

/// A session file that the page asks for.
fn packed(desk: &mut Desk) -> made::File {
    let pack = ToWorker::PackSession {
        record: br#"{"format":"gliolens-session"}"#.to_vec().into(),
        maps: vec![7; 64].into(),
        measures: b"{}".to_vec().into(),
    };
    let [FromWorker::SessionPacked { bytes }] = &desk.say(pack).0[..] else { panic!("no session") };
    ("session.zip".into(), bytes.buffer.to_vec())
}

fn sessions(heard: &Heard) -> Vec<(&str, Vec<u8>, Vec<u8>)> {
    let mut sessions = Vec::new();
    for message in &heard.0 {
        if let FromWorker::Session { name, record, maps } = message {
            sessions.push((name.as_str(), record.buffer.to_vec(), maps.buffer.to_vec()));
        }
    }
    sessions
}

#[test]
fn a_session_comes_back_after_the_images_of_its_drop() {
    let mut desk = Desk::default();
    let session = packed(&mut desk);
    let heard = desk.drop([session].into_iter().chain(examination("A")).chain([png("s.png", 20, 16, 1)]));
    assert_eq!((heard.studies().len(), heard.pictures().len()), (1, 1));
    let expected = ("session.zip", br#"{"format":"gliolens-session"}"#.to_vec(), vec![7; 64]);
    assert_eq!(sessions(&heard), [expected]);
    assert!(matches!(heard.0.last(), Some(FromWorker::Session { .. })), "{heard:?}");
    assert!(heard.remarks().is_empty() && heard.problems().is_empty(), "{}", heard.text());
}

#[test]
fn a_session_that_is_cut_short_is_refused_by_its_name() {
    let mut desk = Desk::default();
    let (name, bytes) = packed(&mut desk);
    let heard = desk.drop([(name, bytes[..bytes.len() - 40].to_vec())]);
    assert!(sessions(&heard).is_empty());
    assert!(heard.text().contains("session.zip") && heard.text().contains("damaged"), "{}", heard.text());
    let without_maps = zipped("session.zip", [text("gliolens-session.json", "{}")]);
    let heard = desk.drop([without_maps]);
    assert!(heard.text().contains("maps.f32 is missing"), "{}", heard.text());
}
