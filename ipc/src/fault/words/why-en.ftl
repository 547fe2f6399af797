

# Why a run, or a step, stands where it stands: sentences without a beginning and an
# end, which also stand inside one another. See daemon/src/rpc/why.

why-at-the-root = { $first }; at the root of it: { $root }
why-in-run = in run { $run } ({ $workflow }): { $what }
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
why-called-by = step { $step } of run { $run } ({ $workflow }) called this run and waits for it
why-called-detached = step { $step } of run { $run } ({ $workflow }) called this run, and does not wait for it
why-run-late = the run is late: by its sla it was to { $promise ->
    [start] start
   *[finish] finish
} by { $due }
why-run-asks-gate = the run is queued and asks for its turn in a moment: the key of its workflow's concurrency is evaluated
why-run-at-gate = the run is queued because the limit of its workflow's concurrency is reached: { $active } of { $limit } runs go on{ $before ->
    [0] {""} and it is the next one
    [one] {""} and { $before } run waits before it
   *[other] {""} and { $before } runs wait before it
}
why-run-at-gate-with-key = the run is queued because the limit of its workflow's concurrency is reached: { $active } of { $limit } runs with the key { $key } go on{ $before ->
    [0] {""} and it is the next one
    [one] {""} and { $before } run waits before it
   *[other] {""} and { $before } runs wait before it
}
why-holds-gate = run { $run } is one of those that go on: it is { $status ->
    [queued] queued
    [running] at work
    [waiting] waiting
    [paused] paused
    [in_doubt] in doubt
    [completed] completed
    [failed] failed
    [cancelled] cancelled
   *[other] { $status }
}
why-run-turned-away = the run was turned away at { $at } and never began: { $error }
why-run-without-key = the run failed at { $at } and never began: the key of its workflow's concurrency could not be evaluated: { $error }
why-run-asks = the run waits for people: { $cause }
why-gate-waits = { $active ->
    [one] the run waits for its turn: { $active } run of its workflow goes on
   *[other] the run waits for its turn: { $active } runs of its workflow go on
}{ $keyed ->
    [0] {""}
   *[other] {""} with the key { $key }
}
why-gate-passed = the limit of its workflow's concurrency lets the run go on
why-turned-away = the run was turned away: { $error }
why-no-key = the key of its workflow's concurrency could not be evaluated: { $reason }
why-start-promise-broken = the time in which the run was to start by its sla is over
why-finish-promise-broken = the time in which the run was to finish by its sla is over
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
why-claim-comes = step { $step } is about to get { $lock }
why-waits-for-lock = step { $step } waits since { $since } for lock { $lock }, which step { $holder } of run { $run } ({ $workflow }) holds since { $held }{ $before ->
    [0] ; it is the next to get it
    [one] ; { $before } other stands before it
   *[other] ; { $before } others stand before it
}
why-waits-for-tokens = { $tokens ->
    [one] step { $step } waits since { $since } for { $tokens } token of { $pool }
   *[other] step { $step } waits since { $since } for { $tokens } tokens of { $pool }
}: { $taken } of { $size } are taken, most of them by step { $holder } of run { $run } ({ $workflow }) since { $held }{ $before ->
    [0] ; it is the next to get some
    [one] ; { $before } other stands before it
   *[other] ; { $before } others stand before it
}
why-lease-ends = the lease of step { $holder } of run { $run } ends at { $until }: then what it does is ended
why-claim-until = if { $lock } is not free for step { $step } by { $until }, the step fails
why-step-calls = step { $step } waits since { $since } for run { $run } ({ $workflow }), which it has called{ $tries ->
    [one] {""}
   *[other] {""} with try { $tries }
}; that run is { $status ->
    [queued] queued
    [running] at work
    [waiting] waiting
    [paused] paused
    [in_doubt] in doubt
    [completed] completed
    [failed] failed
    [cancelled] cancelled
   *[other] there no more
}
why-call-time-out = the time of step { $step } ran out: run { $run }, which it has called, is being cancelled
why-awaits-event = step { $step } waits since { $since } for an event { $event }
why-awaits-event-until = step { $step } waits since { $since } for an event { $event }, until { $until } at most
why-events-looked-at = { $events ->
    [one] { $events } event waits for its `match` to be evaluated
   *[other] { $events } events wait for its `match` to be evaluated
}
why-events-failed = { $events ->
    [one] { $events } event was passed over because `match` failed for it: the log says why
   *[other] { $events } events were passed over because `match` failed for them: the log says why
}
why-event-fits = only an event fits for which `{ $condition }` is true
why-step-asks-people = step { $step } waits since { $since } for approval{ $named ->
    [0] {""}
   *[other] {""} of { $approvers }
} of "{ $message }": { $have } of { $need } have said yes; `{ $command }`
why-approved-by = step { $step } was approved so far by { $people }
why-approval-fails = without enough approvals by { $until }, step { $step } fails
why-approval-rejects = without enough approvals by { $until }, step { $step } counts as rejected
why-approval-goes-on = without enough approvals by { $until }, step { $step } goes on as if approved
why-cancelled-by-lease-of = step { $step } was cancelled: the lease of { $around } around it ended
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
why-claims-asked = step { $step } is about to ask for what it claims: the names are evaluated
why-claims-begun = step { $step } asks for { $locks }
why-claim-waits = step { $step } waits for { $lock }, which step { $holder } of run { $run } holds
why-claim-waits-in-line = step { $step } waits for { $lock }: others stand before it
why-claim-granted = step { $step } got { $lock }
why-claims-held = step { $step } holds all that it claims
why-claims-held-until = step { $step } holds all that it claims, until { $until } at most
why-hold-broken = { $lock } was taken from step { $step } by { $by }: it is not tried again without it
why-lease-ended = the lease of step { $step } ended: what it does is ended
why-step-called = step { $step } called run { $run } ({ $workflow }, revision { $revision }){ $tries ->
    [one] {""}
   *[other] {""} with try { $tries }
}
why-call-stands = { $stands ->
    [asks] the run that step { $step } has called waits for an approval
    [doubts] the run that step { $step } has called waits for a person to decide a doubt
   *[works] the run that step { $step } has called goes on
}
why-call-timed-out = the time of step { $step } ran out: the run that it has called is cancelled
why-step-awaits = step { $step } waits for an event { $event }
why-step-awaits-until = step { $step } waits for an event { $event }, until { $until } at most
why-event-offered = event { $event } may be what step { $step } waits for: its `match` is evaluated
why-event-declined = event { $event } is not what step { $step } waits for
why-event-failed = event { $event } is passed over by step { $step }: its `match` failed for it
why-approval-asked = step { $step } asks for approval{ $named ->
    [0] {""}
   *[other] {""} of { $approvers }
}: "{ $message }"
why-approved = { $by } approved step { $step }{ $length ->
    [0] {""}
   *[other] : "{ $comment }"
}
why-rejected = { $by } rejected step { $step }{ $length ->
    [0] {""}
   *[other] : "{ $comment }"
}
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


## A slot of a trigger: its fate, then what would give it another

why-slot-fired = it fired in time: run { $run } was accepted at { $at }
why-slot-late = it fired { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
} after its time: run { $run } was accepted at { $at }
why-slot-caught-up = it had passed when the daemon came to it, and was caught up: run { $run } was accepted at { $at }
why-slot-by-hand = a person fired the trigger: run { $run } was accepted at { $at }
why-slot-backfilled = a person had it filled in: run { $run } was accepted at { $at }
why-slot-see-run = what became of the run: rpa why { $run }
why-slot-waits = it waits since { $at }: { $reason }
why-slot-passed = its own schedule passes it over, as was decided at { $at }: { $reason }
why-slot-skipped = it was skipped at { $at }: { $reason }
why-slot-refused = no run was accepted for it at { $at }: { $reason }
why-slot-missed = it was missed, as was found at { $at }: { $reason }
why-slot-to-come = it is still to come, and is due at { $due }
why-slot-will-pass = it is still to come, and its own schedule will pass it over: { $reason }
why-slot-unknown = there is no record of { $at }, and nothing declares now which moments there are
why-slot-before-ledger = it is older than all that is remembered of this trigger: the oldest slot is { $oldest }
why-slot-forgotten = whether it has had a run nobody knows any more, so no backfill gives it one; by hand: rpa triggers fire { $workflow } { $trigger }
why-slot-not-armed = the trigger was not armed then, or did not declare this moment
why-slot-none = { $at } is no slot: the schedule does not name it
why-slot-neighbours = the slots beside it are { $before } and { $after }
why-slot-neighbour-before = the last slot before it is { $before }
why-slot-neighbour-after = the first slot after it is { $after }
why-slot-mend-overlap = `overlap: { $rule }` decides that; queue_one, queue_all and allow give such slots a run, cancel_running ends the run that is in the way
why-slot-mend-pause = it goes on with `rpa triggers resume`
why-slot-mend-condition = its `if` reads what is in `trigger`: see rpa-workflow(5)
why-slot-mend-disarmed = a trigger that is armed again keeps nothing that waited before
why-slot-mend-refusal = what { $code } is, and what to do: rpa explain { $code }
why-slot-mend-catch-up = `catch_up: { $policy }` with its `window` and `max` decides which of the slots that have passed are caught up
why-slot-mend-gap = `dst_gap: run_after` fires such a slot behind the gap
why-slot-mend-fold = `dst_overlap` says which of the two is meant: first, second, both
why-slot-mend-calendar = `outside: defer` puts such a slot off to the next of its days
why-slot-mend-merged = `outside: skip` puts no slot off to the day of another
why-slot-backfill = a run for it all the same: rpa schedule backfill { $workflow } { $trigger } --from TIME --to TIME
