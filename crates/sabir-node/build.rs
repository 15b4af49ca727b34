//! Lets the module find the symbols of Node-API in the process that loads it.

fn main() {
    napi_build::setup();
}
