fn main() {
    if let Err(why) = greenroom::ui::open(greenroom::app::App::scene) {
        eprintln!("{why}");
        std::process::exit(1);
    }
}
