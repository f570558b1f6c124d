//! The world behind a real socket on the loopback interface: a thread with a runtime of its own, and nothing
//! else. What is answered is decided in [`World::handle`]; only waiting is done here.

use super::cmh;
use super::cmh::sse;
use super::exchange::{Answer, Call};
use super::world::World;
use crate::clock::Clock;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use chrono::{DateTime, Utc};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};

/// How often time goes on in the world while nobody asks.
const TICK: Duration = Duration::from_millis(200);
/// A body is read that far before it is refused as too large.
const READ_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Pieces of a stream that wait for a slow reader.
const STREAM_PIECES_MAX: usize = 16;

/// The world, who watches it, and its time: the wall clock at the start plus what the monotonic clock counted
/// since.
pub(super) struct Stage {
    world: Mutex<World>,
    head: watch::Sender<u64>,
    clock: Box<dyn Clock>,
    start: DateTime<Utc>,
    start_mono: Duration,
}

impl Stage {
    pub(super) fn new(world: World, clock: Box<dyn Clock>) -> Self {
        let (start, start_mono) = (world.now(), clock.monotonic());
        let (head, _) = watch::channel(world.head());
        Self { world: Mutex::new(world), head, clock, start, start_mono }
    }

    /// Brings the world up to date, does something with it, and wakes who waits for changes.
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let passed = self.clock.monotonic().saturating_sub(self.start_mono);
        let passed = chrono::Duration::from_std(passed).unwrap_or_default();
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.step(self.start + passed);
        let done = act(&mut world);
        let head = world.head();
        drop(world);
        self.head.send_if_modified(|old| std::mem::replace(old, head) != head);
        done
    }
}

/// A running server; it ends when this is dropped.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A thread that died has nothing left to stop.
            let _ = thread.join();
        }
    }
}

/// Takes the port; requests are answered once [`serve`] runs.
pub(super) fn bind(port: u16) -> std::io::Result<TcpListener> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Answers requests on a thread of its own until the server is dropped.
pub(super) fn serve(listener: TcpListener, stage: Arc<Stage>) -> std::io::Result<Server> {
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let thread = std::thread::Builder::new().name("demo-site".to_owned()).spawn(move || {
        runtime.block_on(async move {
            let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
            let app = axum::Router::new().fallback(answer).with_state(Arc::clone(&stage));
            tokio::select! {
                _ = stopped => {}
                _ = axum::serve(listener, app) => {}
                () = tick(&stage) => {}
            }
        });
        // Open streams end with the runtime.
        runtime_ended();
    })?;
    Ok(Server { address, stop: Some(stop), thread: Some(thread) })
}

fn runtime_ended() {
    tracing::debug!("the demo site has closed");
}

async fn tick(stage: &Stage) {
    let mut ticks = tokio::time::interval(TICK);
    loop {
        ticks.tick().await;
        stage.with(|_| ());
    }
}

async fn answer(State(stage): State<Arc<Stage>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    // Read far beyond what is allowed: who is answered while still sending may never see the answer.
    let body = axum::body::to_bytes(body, READ_BYTES_MAX).await;
    let call = Call {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
            .collect(),
        body: body.map_or_else(|_| vec![b' '; cmh::BODY_MAX + 1], Bytes::into),
    };
    let changes = call.method == "GET" && call.path == format!("{}/changes", cmh::BASE);
    match (changes, call.wants_events(), call.wait_secs()) {
        (true, true, _) => stream(stage, &call),
        (true, false, Some(secs)) => wait(&stage, call, secs).await,
        _ => whole(stage.with(|world| world.handle(&call))),
    }
}

/// A long poll: asked again whenever the world has changed, until there is something to tell.
async fn wait(stage: &Stage, mut call: Call, secs: u64) -> Response {
    let mut changed = stage.head.subscribe();
    let end = tokio::time::sleep(Duration::from_secs(secs.min(sse::WAIT_SECS_MAX)));
    tokio::pin!(end);
    loop {
        changed.mark_unchanged();
        let answer = stage.with(|world| world.handle(&call));
        let body = answer.value();
        let silent = body["events"].as_array().is_some_and(Vec::is_empty);
        if !silent {
            return whole(answer);
        }
        if call.param("since").is_none() {
            // "From now" was fixed by the first look.
            call.query = format!("since={}", body["next"].as_str().unwrap_or_default());
        }
        tokio::select! {
            () = &mut end => return whole(answer),
            _ = changed.changed() => {}
        }
    }
}

/// Server-sent events, until the reader leaves, the feed has a gap or the site closes.
fn stream(stage: Arc<Stage>, call: &Call) -> Response {
    let opened = stage.with(|world| match world.refusal(call) {
        Some(refusal) => Err(refusal),
        None => sse::open(world, call),
    });
    let (mut told, first) = match opened {
        Ok(opened) => opened,
        Err(refusal) => return whole(refusal),
    };
    let (send, receive) = mpsc::channel::<Result<String, std::convert::Infallible>>(STREAM_PIECES_MAX);
    tokio::spawn(async move {
        let mut changed = stage.head.subscribe();
        let mut piece = first;
        loop {
            if !piece.is_empty() && send.send(Ok(piece)).await.is_err() {
                return;
            }
            changed.mark_unchanged();
            let Some((last, lines)) = stage.with(|world| sse::after(world, told)) else { return };
            piece = lines;
            if last == told {
                tokio::select! {
                    _ = changed.changed() => {}
                    () = tokio::time::sleep(Duration::from_secs(sse::HEARTBEAT_SECS)) => {
                        ": hb\n\n".clone_into(&mut piece);
                    }
                    () = send.closed() => return,
                }
            }
            told = last;
        }
    });
    let mut response = Response::new(Body::from_stream(tokio_stream::wrappers::ReceiverStream::new(receive)));
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("text/event-stream"));
    headers.insert("cache-control", HeaderValue::from_static("no-store"));
    response
}

fn whole(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in &answer.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
