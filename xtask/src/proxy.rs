//! What is asked below `/dicom-web/` into the answers of a DICOMweb server elsewhere: the page asks no host but its own.

use std::str::FromStr;

use axum::body::Body;
use axum::extract::Request;
use axum::http::uri::{Scheme, Uri};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// The address below which studies are asked for; what else a server offers beside them is nobody's business here.
pub const PREFIX: &str = "/dicom-web/";
const STUDIES: &str = "studies";
/// What holds for one connection alone (RFC 9110, 7.6.1).
const OF_CONNECTION: [HeaderName; 4] = [header::CONNECTION, header::TE, header::TRANSFER_ENCODING, header::UPGRADE];

/// A DICOMweb server, by its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstream {
    /// Its name and port.
    host: String,
    /// What its paths begin with, without the last slash.
    path: String,
}

impl FromStr for Upstream {
    type Err = String;

    fn from_str(address: &str) -> Result<Self, String> {
        let wanted = || format!("{address} is no address such as http://127.0.0.1:8042/dicom-web");
        let uri: Uri = address.parse().map_err(|_| wanted())?;
        if uri.scheme() != Some(&Scheme::HTTP) {
            return Err(format!("{}: this server speaks plain http; for https put nginx in front", wanted()));
        }
        let authority = uri.authority().ok_or_else(wanted)?;
        let host = format!("{}:{}", authority.host(), authority.port_u16().unwrap_or(80));
        Ok(Self { host, path: uri.path().trim_end_matches('/').to_owned() })
    }
}

/// Why a request is not passed on, or has no answer.
type Refusal = (StatusCode, String);

impl Upstream {
    /// The address of a server on this computer.
    pub fn local(port: u16) -> Self {
        Self { host: format!("127.0.0.1:{port}"), path: "/dicom-web".into() }
    }

    /// Its name and port.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Passes a request on; request and answer stream through.
    pub async fn answer(self, request: Request) -> Response {
        self.pass_on(request).await.unwrap_or_else(IntoResponse::into_response)
    }

    async fn pass_on(self, mut request: Request) -> Result<Response, Refusal> {
        if ![Method::GET, Method::POST].contains(request.method()) {
            return Err((StatusCode::METHOD_NOT_ALLOWED, "only GET and POST are passed on".into()));
        }
        let wanted = self.wanted(request.uri()).ok_or((StatusCode::NOT_FOUND, "no DICOMweb path".into()))?;
        let gone = |why: &dyn std::fmt::Display| {
            (StatusCode::BAD_GATEWAY, format!("the DICOMweb server at {} does not answer: {why}", self.host))
        };
        *request.uri_mut() = wanted;
        of_one_connection(request.headers_mut());
        let host = self.host.parse().map_err(|error| gone(&error))?;
        request.headers_mut().insert(header::HOST, host);
        let stream = TcpStream::connect(&self.host).await.map_err(|error| gone(&error))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| gone(&error))?;
        tokio::spawn(connection);
        let mut answer = sender.send_request(request).await.map_err(|error| gone(&error))?;
        of_one_connection(answer.headers_mut());
        Ok(answer.map(Body::new))
    }

    /// The address there of one below [`PREFIX`]; none of one that may lead elsewhere.
    fn wanted(&self, asked: &Uri) -> Option<Uri> {
        let below = asked.path().strip_prefix(PREFIX)?;
        // Neither steps up nor anything that a server might decode to them.
        let is_plain = !below.contains("..") && !below.contains(['%', '\\']);
        let is_of_studies = below.strip_prefix(STUDIES).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let query = asked.query().map(|query| format!("?{query}")).unwrap_or_default();
        (is_plain && is_of_studies).then(|| format!("{}/{below}{query}", self.path).parse().ok()).flatten()
    }
}

fn of_one_connection(headers: &mut HeaderMap) {
    for name in OF_CONNECTION {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upstream(address: &str) -> Result<Upstream, String> {
        address.parse()
    }

    #[test]
    fn a_server_is_named_by_a_plain_http_address() {
        let orthanc = upstream("http://127.0.0.1:8042/dicom-web/").unwrap();
        assert_eq!((orthanc.host(), &*orthanc.path), ("127.0.0.1:8042", "/dicom-web"));
        assert_eq!(orthanc, Upstream::local(8042));
        assert_eq!(upstream("http://pacs").unwrap().host(), "pacs:80");
        for other in ["https://pacs/dicom-web", "127.0.0.1:8042", "/dicom-web", "file:///etc", ""] {
            assert!(upstream(other).is_err(), "{other}");
        }
    }

    #[test]
    fn no_other_path_is_reached() {
        let orthanc = upstream("http://127.0.0.1:8042/dicom-web").unwrap();
        let wanted = |asked: &str| orthanc.wanted(&asked.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(wanted("/dicom-web/studies?limit=2&a=%2A").as_deref(), Some("/dicom-web/studies?limit=2&a=%2A"));
        for other in [
            "/instances",
            "/dicom-web",
            "/dicom-web/../instances",
            "/dicom-web/studies/../../instances",
            "/dicom-web/studies/%2e%2e/servers",
            "/dicom-web/servers",
            "/dicom-web/studiesx",
            "/dicom-webs/studies",
        ] {
            assert_eq!(wanted(other), None, "{other}");
        }
    }
}
