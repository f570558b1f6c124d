//! A slow road to a site: every piece of what is said waits a little on its way. What has left still arrives when the one
//! who sent it is dead.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

pub struct Relay {
    address: SocketAddr,
    under_way: Arc<AtomicUsize>,
}

impl Relay {
    /// Takes a free port of this machine. Each way takes `delay`.
    pub fn towards(site: SocketAddr, delay: Duration) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let under_way = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&under_way);
        // It ends with the test's process.
        std::thread::spawn(move || {
            for caller in listener.incoming().map_while(Result::ok) {
                counted.fetch_add(1, Ordering::SeqCst);
                let counted = Arc::clone(&counted);
                std::thread::spawn(move || {
                    connect(&caller, site, delay);
                    counted.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { address, under_way }
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until nothing that was said is still on its way.
    pub fn drain(&self) {
        let until = Instant::now() + Duration::from_secs(60);
        while self.under_way.load(Ordering::SeqCst) > 0 {
            assert!(Instant::now() < until, "a connection to the site never ended");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Carries both ways until both sides have ended.
fn connect(caller: &TcpStream, site: SocketAddr, delay: Duration) {
    let Ok(site) = TcpStream::connect(site) else { return };
    std::thread::scope(|both| {
        both.spawn(|| carry(caller, &site, delay));
        carry(&site, caller, delay);
    });
}

fn carry(mut from: &TcpStream, mut to: &TcpStream, delay: Duration) {
    let mut piece = vec![0; 64 * 1024];
    while let Ok(n @ 1..) = from.read(&mut piece) {
        std::thread::sleep(delay);
        if to.write_all(&piece[..n]).is_err() {
            break;
        }
    }
    // Either may have ended it, and then there is nothing left to end.
    let _ = (to.shutdown(Shutdown::Write), from.shutdown(Shutdown::Read));
}
