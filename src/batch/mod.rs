//! Many documents: walking, parallelism, manifest.
