//! Against real servers. `tests/sites/run` does it all; or `tests/sites/wordpress.sh start` prints an address, to be given as
//! `GREENROOM_WORDPRESS`. They need its 1,000 pending. Without it every test here says loudly that it was skipped; with
//! `GREENROOM_SITES=require` that is a failure.
//! `GREENROOM_RECORD=1` writes the answers that hermetic tests replay to `tests/fixtures/wordpress/`.

mod deciding;
mod reading;
mod shapes;
mod trouble;
mod wordpress;
