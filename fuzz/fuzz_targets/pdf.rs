#![no_main]

// Panics of a library that our reader turns into an error are no fault, and libFuzzer's own hook would end the process at
// each. What leaves the target still ends it.
libfuzzer_sys::fuzz_target!(init: std::panic::set_hook(Box::new(|_| {})), |data: &[u8]| heshu_fuzz::pdf(data));
