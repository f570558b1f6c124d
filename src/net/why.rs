//! Why a request came to nothing, in words that need no knowledge of sockets. Reads the chain of causes that the library
//! hands up; never quotes an address, a header or a body.

use super::Distrust;
use rustls::CertificateError;
use std::error::Error;
use std::io::ErrorKind;

/// What lies at the bottom of a failure.
#[derive(Debug, PartialEq, Eq)]
pub enum Cause {
    /// The other end could not prove who it is, so nothing was said to it.
    Untrusted(Distrust),
    /// Anything else, as a clause.
    Other(String),
}

impl Cause {
    fn of(clause: &str) -> Self {
        Self::Other(clause.to_owned())
    }
}

/// The innermost cause that this desk has words for, else the innermost there is.
pub fn cause(error: &(dyn Error + 'static)) -> Cause {
    let chain = chain(error);
    let told = chain.iter().rev().find_map(|link| known(*link));
    told.unwrap_or_else(|| chain.last().map_or_else(|| Cause::of("it failed"), |last| unknown(*last)))
}

/// Each error and what it wraps. An `io::Error` skips what it holds when it is asked for its source.
fn chain<'e>(error: &'e (dyn Error + 'static)) -> Vec<&'e (dyn Error + 'static)> {
    /// Longer than any chain met, in case one is circular.
    const LINKS_MAX: usize = 32;
    let mut links: Vec<&'e (dyn Error + 'static)> = vec![error];
    while let Some(last) = links.last().copied()
        && links.len() < LINKS_MAX
    {
        let held = last.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        match held.map(|held| held as &(dyn Error + 'static)).or_else(|| last.source()) {
            Some(next) => links.push(next),
            None => break,
        }
    }
    links
}

fn known(error: &(dyn Error + 'static)) -> Option<Cause> {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return Some(of_tls(tls));
    }
    if let Some(io) = error.downcast_ref::<std::io::Error>() {
        return of_io(io.kind());
    }
    let said = error.to_string();
    let clause = match said.as_str() {
        super::http::LEADS_OUT => super::http::LEADS_OUT,
        "dns error" => "no computer has that name; it may be misspelt, or this computer may be offline",
        "message head is too large" => "the headers of the answer are larger than any site needs",
        "connection closed before message completed" => "the connection was cut",
        said if said.starts_with("invalid HTTP") => "what answers there is not a web server",
        said if said.starts_with("error reading a body") || said.starts_with("end of file before") => {
            "the answer was cut short"
        }
        _ => return None,
    };
    Some(Cause::of(clause))
}

fn of_io(kind: ErrorKind) -> Option<Cause> {
    let clause = match kind {
        ErrorKind::ConnectionRefused => "nothing answers at that address",
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            "the connection was cut"
        }
        ErrorKind::UnexpectedEof => "the answer was cut short",
        ErrorKind::TimedOut => "no answer in time",
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            "this computer has no way there; it may be offline"
        }
        _ => return None,
    };
    Some(Cause::of(clause))
}

fn of_tls(error: &rustls::Error) -> Cause {
    let flaw = match error {
        rustls::Error::InvalidCertificate(flaw) => flaw,
        // Said of this machine, before anything is asked.
        rustls::Error::General(said) => return Cause::Other(said.clone()),
        _ => return Cause::of("it does not answer by https as it should"),
    };
    Cause::Untrusted(match flaw {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => Distrust::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Distrust::Early,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Distrust::OtherName
        }
        CertificateError::UnknownIssuer | CertificateError::BadSignature => Distrust::Stranger,
        CertificateError::Revoked => Distrust::Revoked,
        // What people make for themselves is an authority and its own subject in one.
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            Distrust::Stranger
        }
        _ => Distrust::Broken,
    })
}

/// A cause without words of ours, as the library or the system names it, without the system's number for it.
fn unknown(error: &(dyn Error + 'static)) -> Cause {
    let said = error.to_string();
    Cause::Other(said.split(" (os error").next().unwrap_or(&said).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn what_an_io_error_holds_is_found() {
        let flaw = |flaw| rustls::Error::InvalidCertificate(flaw);
        for (error, wanted) in [
            (flaw(CertificateError::Expired), Distrust::Expired),
            (flaw(CertificateError::NotValidYet), Distrust::Early),
            (flaw(CertificateError::UnknownIssuer), Distrust::Stranger),
            (flaw(CertificateError::NotValidForName), Distrust::OtherName),
            (flaw(CertificateError::Revoked), Distrust::Revoked),
            (flaw(CertificateError::BadEncoding), Distrust::Broken),
        ] {
            let wrapped = io::Error::other(io::Error::new(ErrorKind::InvalidData, error));
            assert_eq!(cause(&wrapped), Cause::Untrusted(wanted));
        }
        let spoken = io::Error::other(rustls::Error::HandshakeNotComplete);
        assert_eq!(cause(&spoken), Cause::of("it does not answer by https as it should"));
    }

    #[test]
    fn what_has_no_words_is_named_as_it_names_itself() {
        let refused = io::Error::from(ErrorKind::ConnectionRefused);
        assert_eq!(cause(&refused), Cause::of("nothing answers at that address"));
        assert_eq!(cause(&io::Error::other("a fuse blew (os error 4711)")), Cause::of("a fuse blew"));
    }
}
