//! Session files: the page's record into JSON in an archive, and back.

use protocol::session::{FORMAT, SessionRecord, VERSION};
use protocol::{FromWorker, Pieces, Problem};
use serde::Deserialize;
use serde::de::Error as _;
use study::Session;

use crate::export::not_packed;

/// What every version says of itself.
#[derive(Deserialize)]
struct Header {
    format: String,
    version: u32,
}

/// Packs a session with the maps that it counts and measures for other programs; the reply to the page.
pub(crate) fn packed(session: &SessionRecord, maps: Vec<u8>, measures: Vec<u8>) -> FromWorker<Pieces> {
    let record = serde_json::to_vec(session).map_err(|error| error.to_string());
    match record.and_then(|record| Session { record, maps, measures }.write()) {
        Ok(bytes) => FromWorker::SessionPacked { bytes: Pieces::from(bytes).into() },
        Err(detail) => FromWorker::Refused(Problem::SessionNotWritten { why: not_packed(&detail) }),
    }
}

/// The reply to the page about a session file of a name.
pub(crate) fn opened(name: String, Session { record, maps, .. }: Session) -> FromWorker<Pieces> {
    match read(&record) {
        Ok(Some(session)) => FromWorker::Session { name, session: Box::new(session), maps: Pieces::from(maps).into() },
        Ok(None) => FromWorker::Refused(Problem::SessionNewer { name }),
        Err(_) => FromWorker::Refused(Problem::SessionDamaged { name }),
    }
}

/// The session of its JSON; none of a newer version, whatever else that holds.
fn read(record: &[u8]) -> serde_json::Result<Option<SessionRecord>> {
    let header: Header = serde_json::from_slice(record)?;
    if header.format != FORMAT {
        return Err(serde_json::Error::custom("another format"));
    }
    if header.version > VERSION {
        return Ok(None);
    }
    serde_json::from_slice(record).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SESSION: &str = r#"{"format":"gliolens-session","version":1,"program":"0.1.0","saved_at_ms":1.0,"model":null,
        "threshold":0.1,"maps":[[1,1],[2,1]],"slices":[],"comments":[]}"#;

    #[test]
    fn a_session_is_read_and_written_to_the_bit() {
        let session = read(SESSION.as_bytes()).unwrap().unwrap();
        assert_eq!((session.threshold, &session.maps[..]), (0.1, &[(1, 1), (2, 1)][..]));
        assert_eq!(read(&serde_json::to_vec(&session).unwrap()).unwrap(), Some(session));
    }

    #[test]
    fn a_file_of_before_studies_were_in_it_says_nothing_of_them() {
        let mut session = read(SESSION.as_bytes()).unwrap().unwrap();
        assert!(session.studies.is_empty());
        session.studies.joined.push(["1".into(), "2".into()]);
        let written = serde_json::to_vec(&session).unwrap();
        assert_eq!(read(&written).unwrap(), Some(session));
    }

    #[test]
    fn what_is_no_session_is_damaged_and_a_newer_one_is_newer() {
        for record in ["", "{}", &SESSION.replace("gliolens-session", "other"), &SESSION.replace("\"slices\":[],", "")]
        {
            assert!(read(record.as_bytes()).is_err(), "{record}");
        }
        let newer = SESSION.replace("\"version\":1", "\"version\":3").replace("\"slices\":[],", "");
        assert_eq!(read(newer.as_bytes()).unwrap(), None);
    }
}
