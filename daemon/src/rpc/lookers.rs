//! Calls that look through much to answer with little: a few at a time, so that
//! however many are asked for, everything else goes on.

use std::sync::Arc;

use rpa_ipc::service::Reply;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::service::bug;

/// They work on the threads that also write the logs of steps and read snapshots, and
/// each has a processor to itself while it looks.
const AT_ONCE: usize = 4;

/// Seats for them; the others wait in order.
#[derive(Clone, Debug)]
pub struct Lookers(Arc<Semaphore>);

impl Default for Lookers {
    fn default() -> Lookers {
        Lookers(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Lookers {
    /// A seat. Whoever waits for the work may leave before it is done: the work itself
    /// keeps the seat.
    pub async fn seat(&self) -> Reply<OwnedSemaphorePermit> {
        self.0.clone().acquire_owned().await.map_err(|e| bug(&e.to_string()))
    }

    /// Does `work` off the runtime, on a seat. Its time begins when it does.
    pub async fn look<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Reply<T> {
        let seat = self.seat().await?;
        let looked = tokio::task::spawn_blocking(move || {
            let _seat = seat;
            work()
        });
        looked.await.map_err(|e| bug(&e.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, mpsc};
    use std::time::Duration;

    use tokio::sync::oneshot;

    use super::*;

    #[test]
    fn while_all_seats_are_taken_everything_else_goes_on() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(AT_ONCE + 1)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let lookers = Lookers::default();
            let (go, wait) = mpsc::channel::<()>();
            let wait = Arc::new(Mutex::new(wait));
            for _ in 0..50 {
                let (lookers, wait) = (lookers.clone(), wait.clone());
                tokio::spawn(async move {
                    lookers.look(move || wait.lock().unwrap().recv().is_err()).await
                });
            }
            while lookers.0.available_permits() > 0 {
                tokio::task::yield_now().await;
            }
            for n in 0..100 {
                let other = tokio::task::spawn_blocking(move || n);
                let other = tokio::time::timeout(Duration::from_secs(30), other);
                assert_eq!(other.await.expect("nobody else gets a thread").unwrap(), n);
            }
            drop(go);
            assert_eq!(lookers.look(|| 7).await.unwrap(), 7, "seats are given back");
        });
    }

    #[tokio::test]
    async fn who_leaves_does_not_free_the_seat_of_what_goes_on() {
        let lookers = Lookers::default();
        let (begun, begins) = oneshot::channel();
        let (end, ends) = mpsc::channel::<()>();
        let look = lookers.look(move || {
            let _ = begun.send(());
            ends.recv().is_err()
        });
        tokio::select! {
            _ = look => panic!("it has not ended"),
            _ = begins => {}
        }
        assert_eq!(lookers.0.available_permits(), AT_ONCE - 1);
        drop(end);
    }
}
