

# Why a run, or a step, stands where it stands: sentences without a beginning and an
# end, which also stand inside one another. See daemon/src/rpc/why.

why-at-the-root = { $first }; at the root of it: { $root }
why-and-more = { $count ->
    [one] and { $count } more
   *[other] and { $count } more
}


## Runs

why-accepted = the run was accepted from { $by }: revision { $revision }, priority { $priority ->
    [low] low
    [normal] normal
    [high] high
    [urgent] urgent
   *[other] { $priority }
}
why-takes-over = it takes over what run { $run } has settled
why-started = the run began
why-run-queued = the run is queued because { $active } of { $most } runs are active (runs.max_active){ $before ->
    [0] {""} and it is the next one
    [one] {""} and { $before } run stands before it
   *[other] {""} and { $before } runs stand before it
}; its priority is { $priority ->
    [low] low
    [normal] normal
    [high] high
    [urgent] urgent
   *[other] { $priority }
}
why-run-queued-far = the run is queued because { $active } of { $most } runs are active (runs.max_active) and { $before } runs or more stand before it; its priority is { $priority ->
    [low] low
    [normal] normal
    [high] high
    [urgent] urgent
   *[other] { $priority }
}
why-run-queued-next = the run is queued and begins in a moment: { $active } of { $most } runs are active (runs.max_active){ $before ->
    [0] {""}
    [one] {""}, { $before } run stands before it
   *[other] {""}, { $before } runs stand before it
}
why-run-queued-draining = the run is queued because the daemon is being stopped: it begins after the next start
why-run-queued-paused = it was also paused by { $by } at { $at }: `{ $command }` lets it begin when its turn comes
why-run-completed = the run completed at { $at }: its steps ended well
why-run-failed = the run failed at { $at }, because { $cause }
why-run-will-fail = it fails because { $cause }
why-run-cancelled = the run ended as cancelled at { $at }: { $by } cancelled it at { $asked }
why-run-stopped-unasked = the run ended as cancelled at { $at }, though nobody asked for it: a step was stopped before its end
why-error-of-run = { $error }
why-error-of-outputs = its outputs could not be made: { $error }
why-could-not-run = { $count ->
    [one] { $count } step could not run or was ended by it: { $steps }
   *[other] { $count } steps could not run or were ended by it: { $steps }
}
why-finishing = all steps have ended well; the outputs of the run are being put together
why-run-undoes = the run is to end as { $end ->
    [completed] completed
    [failed] failed
    [cancelled] cancelled
   *[other] { $end }
}; what it had completed is being undone first, the last first
why-run-handles = the run is to end as { $end ->
    [completed] completed
    [failed] failed
    [cancelled] cancelled
   *[other] { $end }
}; its handler `{ $handler }` runs first
why-run-stops-closing = the run is to end as { $end ->
    [completed] completed
    [failed] failed
    [cancelled] cancelled
   *[other] { $end }
}; what is left of undoing and of its handlers is being ended
why-run-being-cancelled = the run is being cancelled: { $by } asked for it at { $at }; what still runs is asked to stop
why-run-times-out = the time of the run ran out: what still runs is asked to stop
why-run-paused = the run was paused by { $by } at { $at }: what runs goes on to its end, nothing new begins until `{ $command }`
why-run-goes-on = the run goes on; at this moment no step of it is under way
why-run-runs = the run goes on: { $cause }
why-run-waits = the run waits: { $cause }
why-run-in-doubt = the run waits for a person: { $cause }
why-daemon-draining = the daemon is being stopped: nothing new begins before its next start
why-daemon-degraded = the daemon does not work as it should: { $reason }
why-slots-taken = { $attempts } attempts are to run, { $most } may at once (runs.max_attempts): some of them wait for their turn


## Steps: why they stand so now

why-waits-for-queue = step { $step } has not begun: its run is queued
why-waits-for = step { $step } has not begun: it waits for step { $need }
why-around-waits = step { $step } has not begun: { $around } around it has not begun
why-around-ended = step { $step } never began: { $around } around it has ended, or never began itself
why-other-case = step { $step } does not run: it is in a case of { $around } that was not chosen
why-turn-waits = turn { $turn } of { $step } has not begun: { $begun } have
why-turn-never-began = turn { $turn } of { $step } never began: the loop has ended
why-no-such-turn = there is no turn { $turn } of { $step }: it has at most { $turns }
why-only-to-undo = step { $step } runs only to undo step { $undone }: when that has completed and the run fails
why-handler-waits = step { $step } has not begun: the handler `{ $handler }` runs when the steps of the run have ended{ $handler ->
    [success] {""} well
    [failure] {""} and it fails
    [cancel] {""} and it is cancelled
   *[other] {""}
}
why-handler-not-run = step { $step } never began: the run did not come to the handler `{ $handler }`, or ended it before
why-fallback-waits = step { $step } has not begun: it runs only if step { $owner } fails, which has not ended
why-never-began = step { $step } never began: the run has ended
why-step-begins = step { $step } is about to begin: all that it needs has ended
why-step-paused = step { $step } stands still: the run was paused by { $by } at { $at }; `{ $command }` lets it go on
why-step-draining = step { $step } waits for the next start of the daemon, which is being stopped
why-step-asks = step { $step } is about to run: its condition and its input are being evaluated
why-step-runs = step { $step } runs since { $since }{ $tries ->
    [one] {""}
   *[other] , now with try { $tries }
}
why-step-waits = step { $step } waits until { $until }
why-step-in-doubt = step { $step } is in doubt since { $since }: { $reason }; decide with `{ $command }`
why-step-is-open = step { $step } is under way since { $since }
why-step-has-completed = step { $step } completed at { $at }{ $tries ->
    [0] {""}
    [one] {""}
   *[other] {""} with try { $tries }
}
why-step-has-ended = step { $step } ended at { $at }
why-step-kept = step { $step } was taken over from run { $run }
why-loop-turns = loop { $step } goes on since { $since }: { $begun } of at most { $turns } turns have begun, under way { $open }, failed { $failed }
why-went-on = what comes after step { $step } went on all the same: its on_error is continue
why-fell-back = step { $fallback } is what step { $step } falls back to
why-cancelled-by = step { $step } was cancelled: { $by } cancelled the run at { $at }
why-cancelled-again = step { $step } was cancelled: { $by } cancelled once more at { $at }
why-cancelled-by-time-of = step { $step } was cancelled: the time of { $around } around it ran out
why-cancelled-by-time-of-run = step { $step } was cancelled: the time of the run ran out
why-stopped-unasked = step { $step } was stopped before its end, though nobody asked for it


## Steps: what happened

why-step-asked = step { $step } may begin: its condition and its input are evaluated
why-step-skipped = step { $step } was skipped: { $reason }
why-step-skipped-by-condition = step { $step } was skipped: its condition `{ $condition }` was false
why-step-started = try { $attempt } of step { $step } began
why-step-confirmed = the result of try { $attempt } of step { $step } came back; its outputs are evaluated
why-step-completed = step { $step } completed{ $tries ->
    [0] {""}
    [one] {""}
   *[other] {""} with try { $tries }
}
why-step-retries = try { $attempt } of step { $step } failed: { $error }; the next begins at { $due }
why-step-again = try { $attempt } of step { $step } does not count: { $error }; the next begins at { $due }
why-step-doubted = step { $step } came into doubt with try { $attempt }: { $reason }; a person must decide
why-doubt-resolved = { $by } decided the doubt of step { $step }: { $decision ->
    [done] it was done
    [retry] it was not done and runs again
    [fail] it failed
   *[other] { $decision }
}
why-step-failed = step { $step } failed{ $tries ->
    [0] {""}
    [one] {""} after { $tries } try
   *[other] {""} after { $tries } tries
}: { $error }
why-step-cancelled = step { $step } was cancelled
why-body-began = the steps of { $step } began
why-body-ended = the steps of { $step } have ended well; its outputs are evaluated
why-case-chosen = step { $step } chose the case "{ $case }"
why-no-case-fits = step { $step } found no case that fits, and took the default
why-loop-began = { $turns ->
    [one] loop { $step } began, with { $turns } turn at most
   *[other] loop { $step } began, with { $turns } turns at most
}
why-turn-began = turn { $turn } of { $step } began
why-loop-asks = loop { $step } asks whether it goes on: its condition is evaluated
why-loop-pauses = loop { $step } waits with its next turn until { $until }
why-loop-gathers = loop { $step } has no further turn: what its turns gave is put together
why-time-of-step-out = the time of { $step } ran out: what is in it is ended
why-time-of-run-out = the time of the run ran out: what runs is ended
why-cancel-asked = { $by } cancelled the run
why-pause-asked = { $by } paused the run
why-resumed = { $by } let the run go on
why-undo-stage = the run is to end as failed: what it had completed is undone, the last first
why-handler-stage = the run is to end as { $end ->
    [completed] completed
    [failed] failed
    [cancelled] cancelled
   *[other] { $end }
}: its handler `{ $handler }` begins
why-undo-began = step { $step } is being undone
why-undone = step { $step } was undone
why-not-undone = step { $step } could not be undone: { $error }
why-handlers-stopped = { $by } cancelled once more: what is left of undoing and of the handlers is ended
why-ended-completed = the run completed
why-ended-failed = the run failed: { $error }
why-ended-cancelled = the run ended as cancelled
