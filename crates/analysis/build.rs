//! Linker flags of a Node addon; nothing else.

fn main() {
    napi_build::setup();
}
