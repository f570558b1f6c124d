//! HTTP/1.1 messages as far as the proxy reads and writes them.

use super::proxy::Wire;
use serde_json::Value;
use std::io::Read;

/// One request.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    /// With its query.
    pub path: String,
    pub head: String,
    pub body: Vec<u8>,
}

impl Asked {
    /// The request as it is handed on: the answer ends with the connection.
    pub fn closing(&self) -> Vec<u8> {
        let lines = self.head.split("\r\n").filter(|line| !line.to_lowercase().starts_with("connection:"));
        // What is compressed cannot be changed on its way.
        let lines = lines.filter(|line| !line.to_lowercase().starts_with("accept-encoding:"));
        let head: Vec<&str> = lines.collect();
        [head.join("\r\n").as_bytes(), b"\r\nconnection: close\r\n\r\n", &self.body].concat()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.split("\r\n").skip(1).find_map(|line| {
            let (told, value) = line.split_once(':')?;
            told.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    pub fn wants_stream(&self) -> bool {
        self.header("accept").is_some_and(|accept| accept.contains("event-stream"))
    }

    pub fn is_write(&self) -> bool {
        // A question over XML-RPC is posted too.
        self.method != "GET" && self.method != "HEAD" && !self.path.contains("xmlrpc")
    }

    /// The value of a parameter, decoded.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let query = self.path.split_once('?')?.1;
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(told, _)| told == name)
            .map(|(_, value)| value.into_owned())
    }

    pub fn path_only(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }
}

/// One answer.
#[derive(Debug, Clone)]
pub struct Told {
    pub status: u16,
    /// Without those that frame the body.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Told {
    pub fn json(status: u16, body: &str) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json; charset=UTF-8".to_owned())];
        Self { status, headers, body: body.as_bytes().to_vec() }
    }

    pub fn page(status: u16, title: &str) -> Self {
        let body =
            format!("<!DOCTYPE html><html><head><title>{title}</title></head><body>{title}</body></html>");
        let headers = vec![("content-type".to_owned(), "text/html; charset=UTF-8".to_owned())];
        Self { status, headers, body: body.into_bytes() }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(told, _)| !told.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn value(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The same with its JSON changed; as it is where it is none.
    pub fn change(mut self, change: impl FnOnce(&mut Value)) -> Self {
        if let Some(mut value) = self.value() {
            change(&mut value);
            self.body = value.to_string().into_bytes();
        }
        self
    }

    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} Told\r\nconnection: close\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head
    }

    pub fn bytes(&self) -> Vec<u8> {
        let head = format!("{}content-length: {}\r\n\r\n", self.head(), self.body.len());
        [head.as_bytes(), &self.body].concat()
    }

    /// Without a length: it ends where the connection does.
    pub fn bytes_untold(&self) -> Vec<u8> {
        [self.head().as_bytes(), b"\r\n", &self.body].concat()
    }

    pub fn write(&self, wire: &mut dyn Wire) -> std::io::Result<()> {
        wire.write_all(&self.bytes())?;
        wire.flush()
    }
}

/// `None` where the other end hung up.
pub fn read_request<W: Read + ?Sized>(wire: &mut W) -> Option<Asked> {
    let (head, mut body) = read_head(wire)?;
    let length = length_of(&head).unwrap_or(0);
    while body.len() < length {
        let mut piece = vec![0; length - body.len()];
        match wire.read(&mut piece) {
            Ok(read @ 1..) => body.extend_from_slice(&piece[..read]),
            _ => return None,
        }
    }
    let mut first = head.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    Some(Asked { method, path, head, body })
}

/// An answer that ends with its connection.
pub fn read_answer(site: &mut impl Read) -> Option<Told> {
    let (head, mut body) = read_head(site)?;
    site.read_to_end(&mut body).ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let headers = head.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
    let mut headers: Vec<(String, String)> =
        headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect();
    if headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked") {
        body = whole(&body);
    }
    let framing = ["connection", "content-length", "transfer-encoding"];
    headers.retain(|(name, _)| !framing.contains(&name.as_str()));
    Some(Told { status, headers, body })
}

fn read_head<W: Read + ?Sized>(wire: &mut W) -> Option<(String, Vec<u8>)> {
    let mut all = Vec::new();
    let mut piece = [0; 8 * 1024];
    loop {
        if let Some(at) = all.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&all[..at]).into_owned();
            return Some((head, all.split_off(at + 4)));
        }
        match wire.read(&mut piece) {
            Ok(length @ 1..) => all.extend_from_slice(&piece[..length]),
            _ => return None,
        }
    }
}

fn length_of(head: &str) -> Option<usize> {
    let lower = head.to_lowercase();
    lower.split("\r\n").find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok())
}

/// A body without the chunks it came in.
fn whole(mut chunks: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = chunks.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&chunks[..end]).ok();
        let size = size.and_then(|size| usize::from_str_radix(size.trim(), 16).ok()).unwrap_or(0);
        let from = end + 2;
        if size == 0 || from + size > chunks.len() {
            break;
        }
        whole.extend_from_slice(&chunks[from..from + size]);
        chunks = chunks.get(from + size + 2..).unwrap_or_default();
    }
    whole
}
