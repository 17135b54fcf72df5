//! The progress bar of long runs.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::engine::Progress;

/// Runs shorter than this show no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often the bar moves.
const TICK: Duration = Duration::from_millis(100);

/// A bar on stderr that comes after [`PATIENCE`] and goes when it is dropped.
pub(super) struct Bar {
    bar: ProgressBar,
    /// Dropped to tell the waiting thread that the work is done.
    done: Option<Sender<()>>,
    waiting: Option<JoinHandle<()>>,
}

impl Bar {
    pub(super) fn start() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let (done, waits) = channel::<()>();
        let shown = bar.clone();
        // A thread, because a phase that is slow at its first step calls nobody for as long. Without it there is just
        // no bar.
        let waiting = std::thread::Builder::new()
            .name("progress".to_string())
            .spawn(move || {
                if waits.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                    shown.set_draw_target(ProgressDrawTarget::stderr());
                    shown.enable_steady_tick(TICK);
                }
            })
            .ok();
        Self {
            bar,
            done: Some(done),
            waiting,
        }
    }
}

impl Progress for Bar {
    fn phase(&self, name: &'static str, total: Option<usize>) {
        let template = match total {
            Some(_) => "{spinner} {msg} {wide_bar} {human_pos}/{human_len}",
            None => "{spinner} {msg}",
        };
        // The templates are ours and right; were one not, the bar would only look different.
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        match total {
            Some(total) => self.bar.set_length(total as u64),
            None => self.bar.unset_length(),
        }
        self.bar.set_position(0);
        self.bar.set_message(name);
    }

    fn advance(&self, steps: usize) {
        self.bar.inc(steps as u64);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(waiting) = self.waiting.take() {
            // It cannot be helped if it panicked, and the work is done all the same.
            let _ = waiting.join();
        }
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{Bar, PATIENCE, Progress};

    #[test]
    fn short_runs_do_not_wait_for_the_bar() {
        let start = Instant::now();
        let bar = Bar::start();
        bar.phase("reading", Some(10));
        bar.advance(10);
        bar.phase("solving", None);
        drop(bar);
        assert!(start.elapsed() < PATIENCE);
    }
}
