//! Session files, written and dropped.

mod made;

use made::{Desk, Heard, examination, png, text, zipped};
use protocol::session::{FORMAT, SessionRecord, VERSION};
use protocol::{FromWorker, ToWorker};

fn session() -> SessionRecord {
    SessionRecord { format: FORMAT.into(), version: VERSION, threshold: 0.1, ..SessionRecord::default() }
}

/// A session file that the page asks for.
fn packed(desk: &mut Desk) -> made::File {
    let pack = ToWorker::PackSession {
        session: Box::new(session()),
        maps: vec![7; 64].into(),
        measures: b"{}".to_vec().into(),
    };
    let [FromWorker::SessionPacked { bytes }] = &desk.say(pack).0[..] else { panic!("no session") };
    ("session.zip".into(), bytes.buffer.to_vec())
}

fn sessions(heard: &Heard) -> Vec<(&str, &SessionRecord, Vec<u8>)> {
    let mut sessions = Vec::new();
    for message in &heard.0 {
        if let FromWorker::Session { name, session, maps } = message {
            sessions.push((name.as_str(), &**session, maps.buffer.to_vec()));
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
    assert_eq!(sessions(&heard), [("session.zip", &self::session(), vec![7; 64])]);
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

#[test]
fn a_session_whose_record_is_damaged_or_newer_is_refused_by_its_name() {
    let mut desk = Desk::default();
    for (record, kind) in [("{}", "SessionDamaged"), (r#"{"format":"gliolens-session","version":3}"#, "SessionNewer")] {
        let file = zipped("s.zip", [text("gliolens-session.json", record), text("maps.f32", "")]);
        let heard = desk.drop([file]);
        assert!(sessions(&heard).is_empty());
        assert!(heard.text().contains(kind) && heard.text().contains("s.zip"), "{}", heard.text());
    }
}
