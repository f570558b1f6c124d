//! A proxy on loopback, on real sockets, between a desk and a site: it hands everything on until a fault is switched on,
//! and then does to the requests in its scope what that fault does.

use super::fault::{Changed, How, Instead, Scope};
use super::message::{Asked, Told, read_answer, read_request};
use rustix::net::{AddressFamily, SocketType, bind, listen, socket_with, sockopt};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Which system the site speaks, for answers that are made up in its manner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    Cmh,
    WordPress,
}

/// A connection, encrypted or not.
pub trait Wire: Read + Write {}
impl<T: Read + Write> Wire for T {}

/// Makes a connection of a socket that was just accepted; `None` where the two do not agree.
pub type Accept = Arc<dyn Fn(TcpStream) -> Option<Box<dyn Wire>> + Send + Sync>;

/// One request, as the proxy saw it.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub path: String,
    /// A fault was done to it.
    pub met: bool,
}

impl Seen {
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

struct State {
    site: SocketAddr,
    dialect: Dialect,
    accept: Mutex<Accept>,
    fault: Mutex<Option<(How, Scope)>>,
    /// Counts up with each fault that begins or ends: what hangs in one lets go.
    turn: AtomicU64,
    seen: Mutex<Vec<Seen>>,
    /// Bytes of an endless answer that found a reader.
    poured: AtomicU64,
    stopping: AtomicBool,
    /// Another origin, and what was said to it.
    trap: SocketAddr,
    trapped: Arc<Mutex<Vec<String>>>,
}

/// Closes with the last connection when dropped.
pub struct Proxy {
    state: Arc<State>,
    address: SocketAddr,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Proxy {
    /// Before `site`, on the loopback address of the version that `version` has.
    pub fn before(site: SocketAddr, dialect: Dialect) -> Self {
        Self::on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap(), site, dialect)
    }

    pub fn on(listener: TcpListener, site: SocketAddr, dialect: Dialect) -> Self {
        let address = listener.local_addr().unwrap();
        let (trap, trapped) = trap();
        let plain: Accept = Arc::new(|stream| Some(Box::new(stream)));
        let state = Arc::new(State {
            site,
            dialect,
            accept: Mutex::new(plain),
            fault: Mutex::new(None),
            turn: AtomicU64::new(0),
            seen: Mutex::default(),
            poured: AtomicU64::new(0),
            stopping: AtomicBool::new(false),
            trap,
            trapped,
        });
        let serving = Arc::clone(&state);
        thread::spawn(move || serve(&serving, listener));
        Self { state, address }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What every connection is made of from now on: a certificate, or none.
    pub fn accept_by(&self, accept: Accept) {
        *lock(&self.state.accept) = accept;
    }

    /// From now on this is done to what is in scope.
    pub fn begin(&self, how: How, scope: Scope) {
        lock(&self.state.seen).clear();
        *lock(&self.state.fault) = Some((how, scope));
        self.state.turn.fetch_add(1, Ordering::SeqCst);
    }

    pub fn end(&self) {
        *lock(&self.state.fault) = None;
        self.state.turn.fetch_add(1, Ordering::SeqCst);
    }

    /// Requests since the fault began.
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.state.seen).clone()
    }

    pub fn poured(&self) -> u64 {
        self.state.poured.load(Ordering::SeqCst)
    }

    /// What was said to another origin that answers pointed to.
    pub fn trapped(&self) -> Vec<String> {
        lock(&self.state.trapped).clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.stopping.store(true, Ordering::SeqCst);
        self.end();
    }
}

/// Another origin that writes down what reaches it.
fn trap() -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let (address, said) = (listener.local_addr().unwrap(), Arc::<Mutex<Vec<String>>>::default());
    let told = Arc::clone(&said);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let Some(asked) = read_request(&mut stream) else { continue };
            lock(&told).push(asked.head.clone());
            let _ = Told::json(200, "[]").write(&mut stream);
        }
    });
    (address, said)
}

fn serve(state: &Arc<State>, first: TcpListener) {
    let address = first.local_addr().unwrap();
    let mut listener = Some(first);
    let mut bound = None;
    while !state.stopping.load(Ordering::SeqCst) {
        let refuses = matches!(&*lock(&state.fault), Some((How::Refuse, _)));
        if refuses && listener.is_some() {
            // The port stays ours, and nobody listens.
            drop(listener.take());
            bound = Some(keep(address));
        }
        if !refuses && listener.is_none() {
            let socket = bound.take().unwrap();
            listen(&socket, 64).unwrap();
            listener = Some(TcpListener::from(socket));
        }
        let Some(listening) = &listener else {
            thread::sleep(Duration::from_millis(2));
            continue;
        };
        listening.set_nonblocking(true).unwrap();
        match listening.accept() {
            Ok((stream, _)) => {
                let state = Arc::clone(state);
                thread::spawn(move || handle(&state, stream));
            }
            Err(_) => thread::sleep(Duration::from_millis(2)),
        }
    }
}

fn keep(address: SocketAddr) -> rustix::fd::OwnedFd {
    let flags = rustix::net::SocketFlags::CLOEXEC;
    let socket = socket_with(AddressFamily::INET, SocketType::STREAM, flags, None).unwrap();
    sockopt::set_socket_reuseaddr(&socket, true).unwrap();
    bind(&socket, &address).unwrap();
    socket
}

/// The connection ends with a reset, whatever was on its way.
fn reset(stream: &TcpStream) {
    let _ = sockopt::set_socket_linger(stream, Some(Duration::ZERO));
}

fn handle(state: &Arc<State>, stream: TcpStream) {
    let _ = stream.set_nonblocking(false);
    let _ = stream.set_nodelay(true);
    let turn = state.turn.load(Ordering::SeqCst);
    let fault = *lock(&state.fault);
    if let Some((How::ResetBefore, Scope::All)) = fault {
        lock(&state.seen).push(Seen { method: String::new(), path: String::new(), met: true });
        return reset(&stream);
    }
    let Ok(raw) = stream.try_clone() else { return };
    let accept = Arc::clone(&lock(&state.accept));
    let Some(mut wire) = accept(stream) else { return };
    let Some(asked) = read_request(&mut *wire) else { return };
    let met = fault.filter(|(_, scope)| scope.covers(&asked));
    lock(&state.seen).push(Seen {
        method: asked.method.clone(),
        path: asked.path.clone(),
        met: met.is_some(),
    });
    let hands = Hands { state, raw: &raw, turn };
    match met {
        Some((how, _)) => hands.fault(&mut *wire, &asked, how),
        None => hands.forward(&mut *wire, &asked),
    }
    let _ = raw.shutdown(std::net::Shutdown::Write);
}

/// What can be done to one request.
struct Hands<'s> {
    state: &'s State,
    raw: &'s TcpStream,
    turn: u64,
}

impl Hands<'_> {
    fn goes_on(&self) -> bool {
        self.state.turn.load(Ordering::SeqCst) == self.turn && !self.state.stopping.load(Ordering::SeqCst)
    }

    fn upstream(&self, asked: &Asked) -> Option<TcpStream> {
        let mut site = TcpStream::connect(self.state.site).ok()?;
        site.write_all(&asked.closing()).ok()?;
        Some(site)
    }

    /// Hands a request on, and the answer back as it comes.
    fn forward(&self, wire: &mut dyn Wire, asked: &Asked) {
        let Some(mut site) = self.upstream(asked) else { return };
        let mut piece = [0; 16 * 1024];
        loop {
            match site.read(&mut piece) {
                Ok(length @ 1..) if wire.write_all(&piece[..length]).is_ok() => {}
                _ => return,
            }
        }
    }

    /// The site's own answer, whole.
    fn answer(&self, asked: &Asked) -> Option<Told> {
        // A feed has no end to wait for.
        if asked.wants_stream() {
            return Some(Told::json(404, "{}"));
        }
        read_answer(&mut self.upstream(asked)?)
    }

    fn fault(&self, wire: &mut dyn Wire, asked: &Asked, how: How) {
        let dialect = self.state.dialect;
        match how {
            How::Refuse => {}
            How::ResetBefore => reset(self.raw),
            How::ResetAfter => {
                let _ = self.answer(asked);
                reset(self.raw);
            }
            How::Cut { thirds, told } => self.cut(wire, asked, thirds, told),
            How::Stall => {
                let _ = self.answer(asked);
                self.wait();
            }
            How::StallHalfway => {
                let Some(bytes) = self.answer(asked).map(|told| told.bytes()) else { return };
                let _ = wire.write_all(&bytes[..bytes.len() / 2]).and_then(|()| wire.flush());
                self.wait();
            }
            How::Trickle => self.trickle(wire, asked),
            How::Raw(bytes) => {
                let _ = wire.write_all(&bytes());
            }
            How::Endless => self.pour(wire),
            How::Elsewhere => {
                let to = format!("http://{}/loot?token=1", self.state.trap);
                let _ = Told::json(302, "{}").with("location", &to).write(wire);
            }
            How::Circle => {
                let _ = Told::json(302, "{}").with("location", &asked.path).write(wire);
            }
            How::Instead(Instead(make)) => {
                let _ = make(asked, dialect).write(wire);
            }
            How::Changed(Changed(change)) => {
                let Some(told) = self.answer(asked) else { return };
                let _ = change(asked, told, self.state.trap).write(wire);
            }
            How::Again(Changed(change)) => {
                let head = asked.head.replacen("cursor=", "x=", 1).replacen("offset=", "x=", 1);
                let Some(told) = self.answer(&Asked { head, ..asked.clone() }) else { return };
                let _ = change(asked, told, self.state.trap).write(wire);
            }
        }
    }

    fn cut(&self, wire: &mut dyn Wire, asked: &Asked, thirds: usize, told: bool) {
        let Some(answer) = self.answer(asked) else { return };
        let bytes = if told { answer.bytes() } else { answer.bytes_untold() };
        // At the end of the last third a single byte is missing.
        let _ = wire.write_all(&bytes[..(bytes.len() * thirds / 3).min(bytes.len() - 1)]);
        let _ = wire.flush();
    }

    fn wait(&self) {
        while self.goes_on() {
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// One byte a second.
    fn trickle(&self, wire: &mut dyn Wire, asked: &Asked) {
        let Some(bytes) = self.answer(asked).map(|told| told.bytes()) else { return };
        for byte in bytes {
            if !self.goes_on() || wire.write_all(&[byte]).and_then(|()| wire.flush()).is_err() {
                return;
            }
            for _ in 0..100 {
                if self.goes_on() {
                    thread::sleep(Duration::from_millis(10));
                }
            }
        }
    }

    /// An answer of a gigabyte, in pieces.
    fn pour(&self, wire: &mut dyn Wire) {
        const PIECES: u64 = 16 * 1024;
        let piece = [b' '; 64 * 1024];
        let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-wp-total: 5\r\n\r\n[";
        let mut goes = wire.write_all(head).is_ok();
        for _ in 0..PIECES {
            goes = goes && wire.write_all(&piece).is_ok();
            if !goes {
                return;
            }
            self.state.poured.fetch_add(piece.len() as u64, Ordering::SeqCst);
        }
    }
}
