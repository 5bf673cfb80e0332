//! The same work on many items, on every core.

use std::convert::Infallible;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What `work` makes of every item, in the order of the items; it is also given the item's index.
///
/// # Errors
///
/// The first error of each core's work ends that core's; one of them is returned.
///
/// # Panics
///
/// If `work` does.
pub fn map<T: Sync, R: Send, E: Send>(
    items: &[T],
    work: impl Fn(usize, &T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(items.len()));
    let worker = || -> Result<(), E> {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return Ok(()) };
            let result = work(index, item)?;
            results.lock().expect("no thread panics while it holds the lock").push((index, result));
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(items.len());
    thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        handles.into_iter().try_for_each(|handle| handle.join().expect("the work does not panic"))
    })?;
    let mut results = results.into_inner().expect("no thread panicked while it held the lock");
    results.sort_by_key(|(index, _)| *index);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

/// As [`map`], of work that cannot fail.
///
/// # Panics
///
/// If `work` does.
pub fn all<T: Sync, R: Send>(items: &[T], work: impl Fn(usize, &T) -> R + Sync) -> Vec<R> {
    let Ok(results) = map(items, |index, item| Ok::<_, Infallible>(work(index, item)));
    results
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..100).rev().collect();
        let doubled = all(&items, |index, item| index + 2 * item);
        assert_eq!(doubled, (0..100).map(|index| index + 2 * (99 - index)).collect::<Vec<_>>());
    }

    #[test]
    fn an_error_is_the_answer() {
        assert_eq!(map(&[1, 2, 3], |_, &item| if item == 2 { Err(item) } else { Ok(item) }), Err(2));
    }
}
