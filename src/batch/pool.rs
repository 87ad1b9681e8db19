//! An ordered parallel map with bounded look-ahead.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

/// Stack of a worker. Readers use explicit stacks; this is for the libraries below them.
pub(super) const STACK_BYTES: usize = 16 << 20;

/// Results that may wait for an earlier one, for each worker.
const AHEAD: usize = 16;

struct State {
    /// Next item to take.
    next: usize,
    /// Items handed over so far.
    handed: usize,
    /// The sink wants no more.
    stop: bool,
}

/// Applies `work` to each item on `jobs` threads and hands the results to `sink` in the order of `items`.
///
/// The sink runs on the calling thread. When it breaks, items that were not begun are left out. At most a fixed number
/// of results wait at any time, so that memory stays flat however many items there are.
///
/// # Errors
/// When the system gives no thread at all.
pub fn ordered<I: Sync, O: Send>(
    items: &[I],
    jobs: usize,
    work: impl Fn(&I) -> O + Sync,
    sink: impl FnMut(&I, O) -> ControlFlow<()>,
) -> std::io::Result<()> {
    ordered_within(items, jobs, AHEAD, work, sink)
}

/// As [`ordered`], with at most `ahead` results waiting for each worker: for results that are large.
///
/// # Errors
/// As [`ordered`].
pub fn ordered_within<I: Sync, O: Send>(
    items: &[I],
    jobs: usize,
    ahead: usize,
    work: impl Fn(&I) -> O + Sync,
    mut sink: impl FnMut(&I, O) -> ControlFlow<()>,
) -> std::io::Result<()> {
    let jobs = jobs.clamp(1, items.len().max(1));
    let window = jobs * ahead.max(1);
    let state = Mutex::new(State {
        next: 0,
        handed: 0,
        stop: false,
    });
    let moved = Condvar::new();
    let (send, receive) = mpsc::channel::<(usize, O)>();

    let worker = |send: mpsc::Sender<(usize, O)>| {
        while let Some(index) = take(&state, &moved, items.len(), window) {
            if send.send((index, work(&items[index]))).is_err() {
                break;
            }
        }
    };
    thread::scope(|scope| {
        let mut started = Ok(());
        for job in 0..jobs {
            let (send, worker) = (send.clone(), &worker);
            let spawned = thread::Builder::new()
                .name(format!("reader {job}"))
                .stack_size(STACK_BYTES)
                .spawn_scoped(scope, move || worker(send));
            if let Err(error) = spawned {
                // Fewer threads than asked for do the same work.
                started = if job == 0 { Err(error) } else { Ok(()) };
                break;
            }
        }
        drop(send);
        let mut waiting = BTreeMap::new();
        let mut handed = 0;
        for (index, result) in &receive {
            waiting.insert(index, result);
            while let Some(result) = waiting.remove(&handed) {
                let flow = sink(&items[handed], result);
                handed += 1;
                let mut state = lock(&state);
                state.handed = handed;
                state.stop |= flow.is_break();
                drop(state);
                moved.notify_all();
                if flow.is_break() {
                    return started;
                }
            }
        }
        started
    })
}

/// The next index, once it is not too far ahead; `None` when all are taken or the sink has stopped.
fn take(state: &Mutex<State>, moved: &Condvar, count: usize, window: usize) -> Option<usize> {
    let mut state = lock(state);
    // The item that all wait for is always with some worker, so this cannot wait for ever.
    while !state.stop && state.next < count && state.next >= state.handed + window {
        state = moved.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
    if state.stop || state.next >= count {
        return None;
    }
    state.next += 1;
    Some(state.next - 1)
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    // The state is three plain numbers: valid whatever a panicking thread did.
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn results_come_in_order_whatever_the_threads() {
        let items: Vec<usize> = (0..500).collect();
        for jobs in [1, 2, 7] {
            let mut seen = Vec::new();
            let work = |i: &usize| {
                // Unequal work, so that later items finish first.
                (0..(i * 7919) % 97 * 100)
                    .fold(*i, |a, b| std::hint::black_box(a ^ b))
                    .min(1)
                    + i * 2
            };
            ordered(&items, jobs, work, |i, o| {
                seen.push((*i, o / 2));
                ControlFlow::Continue(())
            })
            .unwrap();
            assert_eq!(seen.iter().map(|s| s.0).collect::<Vec<_>>(), items);
        }
    }

    #[test]
    fn readers_never_run_far_ahead_of_a_slow_one() {
        let items: Vec<usize> = (0..2000).collect();
        let (begun, handed, most) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        let work = |i: &usize| {
            let ahead = begun.fetch_add(1, Ordering::SeqCst) + 1 - handed.load(Ordering::SeqCst).min(*i);
            most.fetch_max(ahead, Ordering::SeqCst);
            if *i == 0 {
                // The first item is slow: the other worker must come to a halt behind it.
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
        };
        ordered(&items, 2, work, |_, ()| {
            handed.fetch_add(1, Ordering::SeqCst);
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(handed.load(Ordering::SeqCst), 2000);
        assert!(most.load(Ordering::SeqCst) <= 2 * AHEAD + 2, "{most:?}");
    }

    #[test]
    fn a_sink_that_has_enough_stops_the_readers() {
        let items: Vec<usize> = (0..10_000).collect();
        let begun = AtomicUsize::new(0);
        let mut handed = 0;
        ordered(
            &items,
            2,
            |_| begun.fetch_add(1, Ordering::SeqCst),
            |_, _| {
                handed += 1;
                if handed == 3 {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            },
        )
        .unwrap();
        assert_eq!(handed, 3);
        assert!(begun.load(Ordering::SeqCst) < 100);
    }
}
