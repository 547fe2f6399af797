

# Защо изпълнение или стъпка е в това състояние: изречения без начало и край, които
# стоят и едно в друго. Вижте daemon/src/rpc/why.

why-at-the-root = { $first }; в основата е: { $root }
why-in-run = в изпълнение { $run } ({ $workflow }): { $what }
why-and-more = { $count ->
    [one] и още { $count }
   *[other] и още { $count }
}


## Изпълнения

why-accepted = изпълнението беше прието от { $by }: ревизия { $revision }, приоритет { $priority ->
    [low] нисък
    [normal] обикновен
    [high] висок
    [urgent] спешен
   *[other] { $priority }
}
why-takes-over = поема това, което изпълнение { $run } е приключило
why-started = изпълнението започна
why-run-queued = изпълнението е в опашката, защото работят { $active } от { $most } изпълнения (runs.max_active){ $before ->
    [0] {""} и то е следващото
    [one] {""} и пред него има { $before } изпълнение
   *[other] {""} и пред него има { $before } изпълнения
}; приоритетът му е { $priority ->
    [low] нисък
    [normal] обикновен
    [high] висок
    [urgent] спешен
   *[other] { $priority }
}
why-run-queued-far = изпълнението е в опашката, защото работят { $active } от { $most } изпълнения (runs.max_active) и пред него има { $before } или повече; приоритетът му е { $priority ->
    [low] нисък
    [normal] обикновен
    [high] висок
    [urgent] спешен
   *[other] { $priority }
}
why-run-queued-next = изпълнението е в опашката и започва след миг: работят { $active } от { $most } изпълнения (runs.max_active){ $before ->
    [0] {""}
    [one] {""}, пред него има { $before } изпълнение
   *[other] {""}, пред него има { $before } изпълнения
}
why-run-queued-draining = изпълнението е в опашката, защото демонът спира: ще започне след следващото пускане
why-run-queued-paused = освен това { $by } го постави на пауза в { $at }: с `{ $command }` ще започне, когато му дойде редът
why-run-completed = изпълнението завърши в { $at }: стъпките му приключиха успешно
why-run-failed = изпълнението е неуспешно от { $at }, защото { $cause }
why-run-will-fail = то е неуспешно, защото { $cause }
why-run-cancelled = изпълнението приключи като отменено в { $at }: { $by } го отмени в { $asked }
why-run-stopped-unasked = изпълнението приключи като отменено в { $at }, без някой да е поискал: една стъпка беше прекратена преди края си
why-error-of-run = { $error }
why-error-of-outputs = изходите му не можаха да се съставят: { $error }
why-could-not-run = { $count ->
    [one] { $count } стъпка не можа да се изпълни или беше прекратена заради това: { $steps }
   *[other] { $count } стъпки не можаха да се изпълнят или бяха прекратени заради това: { $steps }
}
why-finishing = всички стъпки приключиха успешно; съставят се изходите на изпълнението
why-run-undoes = изпълнението ще приключи като { $end ->
    [completed] завършено
    [failed] неуспешно
    [cancelled] отменено
   *[other] { $end }
}; преди това завършеното се връща назад, последното първо
why-run-handles = изпълнението ще приключи като { $end ->
    [completed] завършено
    [failed] неуспешно
    [cancelled] отменено
   *[other] { $end }
}; преди това работи обработчикът му `{ $handler }`
why-run-stops-closing = изпълнението ще приключи като { $end ->
    [completed] завършено
    [failed] неуспешно
    [cancelled] отменено
   *[other] { $end }
}; остатъкът от връщането назад и от обработчиците се прекратява
why-run-being-cancelled = изпълнението се отменя: { $by } го поиска в { $at }; на това, което още работи, е поискано да спре
why-run-times-out = времето на изпълнението изтече: на това, което още работи, е поискано да спре
why-run-paused = изпълнението беше поставено на пауза от { $by } в { $at }: каквото работи, стига до края си, но нищо ново не започва до `{ $command }`
why-run-goes-on = изпълнението продължава; в този миг не работи нито една негова стъпка
why-run-runs = изпълнението продължава: { $cause }
why-run-waits = изпълнението чака: { $cause }
why-run-in-doubt = изпълнението чака човек: { $cause }
why-called-by = стъпка { $step } на изпълнение { $run } ({ $workflow }) извика това изпълнение и го чака
why-called-detached = стъпка { $step } на изпълнение { $run } ({ $workflow }) извика това изпълнение и не го чака
why-run-late = изпълнението закъснява: според неговото sla то трябваше да { $promise ->
    [start] започне
   *[finish] приключи
} до { $due }
why-run-asks-gate = изпълнението е в опашката и след миг ще поиска реда си: пресмята се ключът за concurrency на работния му процес
why-run-at-gate = изпълнението е в опашката, защото границата concurrency на работния му процес е достигната: вървят { $active } от { $limit } изпълнения{ $before ->
    [0] {""} и то е следващото
    [one] {""} и пред него чака { $before } изпълнение
   *[other] {""} и пред него чакат { $before } изпълнения
}
why-run-at-gate-with-key = изпълнението е в опашката, защото границата concurrency на работния му процес е достигната: вървят { $active } от { $limit } изпълнения с ключ { $key }{ $before ->
    [0] {""} и то е следващото
    [one] {""} и пред него чака { $before } изпълнение
   *[other] {""} и пред него чакат { $before } изпълнения
}
why-holds-gate = изпълнение { $run } е едно от тези, които вървят: то е { $status ->
    [queued] в опашката
    [running] в работа
    [waiting] в изчакване
    [paused] на пауза
    [in_doubt] под въпрос
    [completed] завършено
    [failed] неуспешно
    [cancelled] отменено
   *[other] { $status }
}
why-run-turned-away = изпълнението беше отпратено в { $at } и така и не започна: { $error }
why-run-without-key = изпълнението е неуспешно от { $at } и така и не започна: ключът за concurrency на работния му процес не можа да се пресметне: { $error }
why-run-asks = изпълнението чака хора: { $cause }
why-gate-waits = { $active ->
    [one] изпълнението чака реда си: върви { $active } изпълнение на неговия работен процес
   *[other] изпълнението чака реда си: вървят { $active } изпълнения на неговия работен процес
}{ $keyed ->
    [0] {""}
   *[other] {""} с ключ { $key }
}
why-gate-passed = границата за едновременни изпълнения на работния процес пуска изпълнението да продължи
why-turned-away = изпълнението беше отпратено: { $error }
why-no-key = ключът за едновременни изпълнения на работния процес не можа да се пресметне: { $reason }
why-start-promise-broken = времето, в което изпълнението трябваше да започне, изтече
why-finish-promise-broken = времето, в което изпълнението трябваше да приключи, изтече
why-daemon-draining = демонът спира: нищо ново не започва до следващото му пускане
why-daemon-degraded = демонът не работи, както трябва: { $reason }
why-slots-taken = за изпълнение са { $attempts } опита, наведнъж могат да вървят { $most } (runs.max_attempts): някои от тях чакат реда си


## Стъпки: защо са в това състояние сега

why-waits-for-queue = стъпка { $step } не е започнала: изпълнението ѝ е в опашката
why-waits-for = стъпка { $step } не е започнала: чака стъпка { $need }
why-around-waits = стъпка { $step } не е започнала: { $around } около нея не е започнала
why-around-ended = стъпка { $step } така и не започна: { $around } около нея приключи или също не започна
why-other-case = стъпка { $step } не се изпълнява: тя е в случай на { $around }, който не беше избран
why-turn-waits = завъртане { $turn } на { $step } не е започнало: започнали са { $begun }
why-turn-never-began = завъртане { $turn } на { $step } така и не започна: цикълът приключи
why-no-such-turn = няма завъртане { $turn } на { $step }: те са най-много { $turns }
why-only-to-undo = стъпка { $step } се изпълнява само за да върне назад стъпка { $undone }: ако тя е завършила, а изпълнението е неуспешно
why-handler-waits = стъпка { $step } не е започнала: обработчикът `{ $handler }` работи, когато стъпките на изпълнението приключат{ $handler ->
    [success] {""} успешно
    [failure] {""} и то е неуспешно
    [cancel] {""} и то е отменено
   *[other] {""}
}
why-handler-not-run = стъпка { $step } така и не започна: изпълнението не стигна до обработчика `{ $handler }` или го прекрати преди нея
why-fallback-waits = стъпка { $step } не е започнала: изпълнява се само ако стъпка { $owner } е неуспешна, а тя не е приключила
why-never-began = стъпка { $step } така и не започна: изпълнението приключи
why-step-begins = стъпка { $step } започва всеки миг: всичко, което изисква, приключи
why-step-paused = стъпка { $step } стои: изпълнението беше поставено на пауза от { $by } в { $at }; с `{ $command }` ще продължи
why-step-draining = стъпка { $step } чака следващото пускане на демона, който спира
why-step-asks = стъпка { $step } започва всеки миг: пресмятат се условието и входът ѝ
why-step-runs = стъпка { $step } работи от { $since }{ $tries ->
    [one] {""}
   *[other] , сега с опит { $tries }
}
why-step-waits = стъпка { $step } чака до { $until }
why-step-in-doubt = стъпка { $step } е под въпрос от { $since }: { $reason }; решете с `{ $command }`
why-step-is-open = стъпка { $step } работи от { $since }
why-step-has-completed = стъпка { $step } завърши в { $at }{ $tries ->
    [0] {""}
    [one] {""}
   *[other] {""} с опит { $tries }
}
why-step-has-ended = стъпка { $step } приключи в { $at }
why-step-kept = стъпка { $step } е взета от изпълнение { $run }
why-loop-turns = цикълът { $step } върви от { $since }: започнали са { $begun } от най-много { $turns } завъртания, работят { $open }, неуспешни са { $failed }
why-went-on = следващото след стъпка { $step } въпреки това продължи: нейното on_error е continue
why-fell-back = стъпка { $fallback } е тази, с която се заменя стъпка { $step }
why-cancelled-by = стъпка { $step } беше отменена: { $by } отмени изпълнението в { $at }
why-cancelled-again = стъпка { $step } беше отменена: { $by } отмени още веднъж в { $at }
why-cancelled-by-time-of = стъпка { $step } беше отменена: времето на { $around } около нея изтече
why-cancelled-by-time-of-run = стъпка { $step } беше отменена: времето на изпълнението изтече
why-claim-comes = стъпка { $step } всеки миг ще получи { $lock }
why-waits-for-lock = стъпка { $step } чака от { $since } ключалката { $lock }, която стъпка { $holder } на изпълнение { $run } ({ $workflow }) държи от { $held }{ $before ->
    [0] ; тя е следващата, която ще я получи
    [one] ; пред нея чака още { $before }
   *[other] ; пред нея чакат още { $before }
}
why-waits-for-tokens = { $tokens ->
    [one] стъпка { $step } чака от { $since } за { $tokens } жетон от { $pool }
   *[other] стъпка { $step } чака от { $since } за { $tokens } жетона от { $pool }
}: заети са { $taken } от { $size }, най-много от стъпка { $holder } на изпълнение { $run } ({ $workflow }) от { $held }{ $before ->
    [0] ; тя е следващата, която ще получи
    [one] ; пред нея чака още { $before }
   *[other] ; пред нея чакат още { $before }
}
why-lease-ends = срокът на стъпка { $holder } на изпълнение { $run } изтича в { $until }: тогава каквото върши, се прекратява
why-claim-until = ако { $lock } не се освободи за стъпка { $step } до { $until }, тя ще бъде неуспешна
why-step-calls = стъпка { $step } чака от { $since } изпълнение { $run } ({ $workflow }), което е извикала{ $tries ->
    [one] {""}
   *[other] {""} с опит { $tries }
}; то е { $status ->
    [queued] в опашката
    [running] в работа
    [waiting] в изчакване
    [paused] на пауза
    [in_doubt] под въпрос
    [completed] завършено
    [failed] неуспешно
    [cancelled] отменено
   *[other] вече изтрито
}
why-call-time-out = времето на стъпка { $step } изтече: изпълнение { $run }, което е извикала, се отменя
why-awaits-event = стъпка { $step } чака от { $since } събитие { $event }
why-awaits-event-until = стъпка { $step } чака от { $since } събитие { $event }, най-много до { $until }
why-events-looked-at = { $events ->
    [one] { $events } събитие чака да се пресметне дали подхожда
   *[other] { $events } събития чакат да се пресметне дали подхождат
}
why-events-failed = { $events ->
    [one] { $events } събитие беше подминато, защото не можа да се пресметне дали подхожда: журналът казва защо
   *[other] { $events } събития бяха подминати, защото не можа да се пресметне дали подхождат: журналът казва защо
}
why-event-fits = подхожда само събитие, за което `{ $condition }` е вярно
why-step-asks-people = стъпка { $step } чака от { $since } одобрение{ $named ->
    [0] {""}
   *[other] {""} от { $approvers }
} на „{ $message }“: { $have } от { $need } са казали да; `{ $command }`
why-approved-by = стъпка { $step } засега е одобрена от { $people }
why-approval-fails = без достатъчно одобрения до { $until } стъпка { $step } ще бъде неуспешна
why-approval-rejects = без достатъчно одобрения до { $until } стъпка { $step } се смята за отхвърлена
why-approval-goes-on = без достатъчно одобрения до { $until } стъпка { $step } продължава, все едно е одобрена
why-cancelled-by-lease-of = стъпка { $step } беше отменена: срокът, за който { $around } около нея държеше ключалка, изтече
why-stopped-unasked = стъпка { $step } беше прекратена преди края си, без някой да е поискал


## Стъпки: какво се случи

why-step-asked = стъпка { $step } може да започне: пресмятат се условието и входът ѝ
why-step-skipped = стъпка { $step } беше пропусната: { $reason }
why-step-skipped-by-condition = стъпка { $step } беше пропусната: условието ѝ `{ $condition }` не беше изпълнено
why-step-started = опит { $attempt } на стъпка { $step } започна
why-step-confirmed = резултатът от опит { $attempt } на стъпка { $step } дойде; пресмятат се изходите ѝ
why-step-completed = стъпка { $step } завърши{ $tries ->
    [0] {""}
    [one] {""}
   *[other] {""} с опит { $tries }
}
why-step-retries = опит { $attempt } на стъпка { $step } е неуспешен: { $error }; следващият започва в { $due }
why-step-again = опит { $attempt } на стъпка { $step } не се брои: { $error }; следващият започва в { $due }
why-step-doubted = стъпка { $step } остана под въпрос с опит { $attempt }: { $reason }; човек трябва да реши
why-doubt-resolved = { $by } реши въпроса за стъпка { $step }: { $decision ->
    [done] беше извършена
    [retry] не беше извършена и се изпълнява отново
    [fail] беше неуспешна
   *[other] { $decision }
}
why-step-failed = стъпка { $step } е неуспешна{ $tries ->
    [0] {""}
    [one] {""} след { $tries } опит
   *[other] {""} след { $tries } опита
}: { $error }
why-step-cancelled = стъпка { $step } беше отменена
why-body-began = стъпките на { $step } започнаха
why-body-ended = стъпките на { $step } приключиха успешно; пресмятат се изходите ѝ
why-case-chosen = стъпка { $step } избра случая „{ $case }“
why-no-case-fits = стъпка { $step } не намери подходящ случай и взе подразбирания
why-loop-began = { $turns ->
    [one] цикълът { $step } започна, с най-много { $turns } завъртане
   *[other] цикълът { $step } започна, с най-много { $turns } завъртания
}
why-turn-began = завъртане { $turn } на { $step } започна
why-loop-asks = цикълът { $step } пита дали да продължи: пресмята се условието му
why-loop-pauses = цикълът { $step } чака със следващото си завъртане до { $until }
why-loop-gathers = цикълът { $step } няма повече завъртания: съставя се това, което са дали
why-time-of-step-out = времето на { $step } изтече: каквото е в нея, се прекратява
why-time-of-run-out = времето на изпълнението изтече: каквото работи, се прекратява
why-claims-asked = стъпка { $step } всеки миг ще поиска това, което заема: пресмятат се имената му
why-claims-begun = стъпка { $step } иска { $locks }
why-claim-waits = стъпка { $step } чака { $lock }, която стъпка { $holder } на изпълнение { $run } държи
why-claim-waits-in-line = стъпка { $step } чака { $lock }: пред нея има други
why-claim-granted = стъпка { $step } получи { $lock }
why-claims-held = стъпка { $step } държи всичко, което заема
why-claims-held-until = стъпка { $step } държи всичко, което заема, най-много до { $until }
why-hold-broken = { $lock } беше отнета на стъпка { $step } от { $by }: без нея тя не се опитва отново
why-lease-ended = срокът, за който стъпка { $step } държи ключалка, изтече: каквото върши, се прекратява
why-step-called = стъпка { $step } извика изпълнение { $run } ({ $workflow }, ревизия { $revision }){ $tries ->
    [one] {""}
   *[other] {""} с опит { $tries }
}
why-call-stands = { $stands ->
    [asks] изпълнението, което стъпка { $step } извика, чака одобрение
    [doubts] изпълнението, което стъпка { $step } извика, чака човек да реши един въпрос
   *[works] изпълнението, което стъпка { $step } извика, продължава
}
why-call-timed-out = времето на стъпка { $step } изтече: изпълнението, което е извикала, се отменя
why-step-awaits = стъпка { $step } чака събитие { $event }
why-step-awaits-until = стъпка { $step } чака събитие { $event }, най-много до { $until }
why-event-offered = събитие { $event } може да е това, което чака стъпка { $step }: пресмята се дали подхожда
why-event-declined = събитие { $event } не е това, което чака стъпка { $step }
why-event-failed = събитие { $event } е подминато от стъпка { $step }: не можа да се пресметне дали подхожда
why-approval-asked = стъпка { $step } иска одобрение{ $named ->
    [0] {""}
   *[other] {""} от { $approvers }
}: „{ $message }“
why-approved = { $by } одобри стъпка { $step }{ $length ->
    [0] {""}
   *[other] : „{ $comment }“
}
why-rejected = { $by } отхвърли стъпка { $step }{ $length ->
    [0] {""}
   *[other] : „{ $comment }“
}
why-cancel-asked = { $by } отмени изпълнението
why-pause-asked = { $by } постави изпълнението на пауза
why-resumed = { $by } пусна изпълнението да продължи
why-undo-stage = изпълнението ще приключи като неуспешно: завършеното се връща назад, последното първо
why-handler-stage = изпълнението ще приключи като { $end ->
    [completed] завършено
    [failed] неуспешно
    [cancelled] отменено
   *[other] { $end }
}: започва обработчикът му `{ $handler }`
why-undo-began = стъпка { $step } се връща назад
why-undone = стъпка { $step } беше върната назад
why-not-undone = стъпка { $step } не можа да бъде върната назад: { $error }
why-handlers-stopped = { $by } отмени още веднъж: остатъкът от връщането назад и от обработчиците се прекратява
why-ended-completed = изпълнението завърши
why-ended-failed = изпълнението е неуспешно: { $error }
why-ended-cancelled = изпълнението приключи като отменено


## A slot of a trigger: its fate, then what would give it another

why-slot-fired = пуснат е навреме: изпълнение { $run } е прието в { $at }
why-slot-late = пуснат е { $seconds ->
    [one] { $seconds } секунда
   *[other] { $seconds } секунди
} след времето си: изпълнение { $run } е прието в { $at }
why-slot-caught-up = беше минал, когато демонът стигна до него, и е наваксан: изпълнение { $run } е прието в { $at }
why-slot-by-hand = човек е пуснал тригера: изпълнение { $run } е прието в { $at }
why-slot-backfilled = човек го е попълнил: изпълнение { $run } е прието в { $at }
why-slot-see-run = какво е станало с изпълнението: rpa why { $run }
why-slot-waits = чака от { $at }: { $reason }
why-slot-passed = собственият му график го подминава, решено в { $at }: { $reason }
why-slot-skipped = пропуснат е в { $at }: { $reason }
why-slot-refused = в { $at } за него не беше прието изпълнение: { $reason }
why-slot-missed = изтърван е, установено в { $at }: { $reason }
why-slot-to-come = тепърва предстои, времето му е { $due }
why-slot-will-pass = тепърва предстои и собственият му график ще го подмине: { $reason }
why-slot-unknown = за { $at } няма запис и сега нищо не казва кои моменти има
why-slot-before-ledger = по-стар е от всичко, което се помни за този тригер: най-старият момент е { $oldest }
why-slot-forgotten = вече никой не знае дали е имал изпълнение, затова попълването не му дава; ръчно: rpa triggers fire { $workflow } { $trigger }
why-slot-not-armed = тогава тригерът не е бил зареден или не е давал този момент
why-slot-none = { $at } не е момент на тригера: графикът не го дава
why-slot-neighbours = моментите до него са { $before } и { $after }
why-slot-neighbour-before = последният момент преди него е { $before }
why-slot-neighbour-after = първият момент след него е { $after }
why-slot-mend-overlap = решава го `overlap: { $rule }`; queue_one, queue_all и allow дават изпълнение на такива моменти, cancel_running прекратява изпълнението, което пречи
why-slot-mend-pause = продължава се с `rpa triggers resume`
why-slot-mend-condition = неговото `if` чете каквото е в `trigger`: вижте rpa-workflow(5)
why-slot-mend-disarmed = тригер, който е зареден отново, не пази нищо, което е чакало преди
why-slot-mend-refusal = какво е { $code } и какво да се направи: rpa explain { $code }
why-slot-mend-catch-up = `catch_up: { $policy }` със своите `window` и `max` решава кои от миналите моменти се наваксват
why-slot-mend-gap = `dst_gap: run_after` пуска такъв момент след прескочения час
why-slot-mend-fold = `dst_overlap` казва кой от двата важи: first, second, both
why-slot-mend-calendar = `outside: defer` отлага такъв момент за следващия от неговите дни
why-slot-mend-merged = `outside: skip` не отлага момент за деня на друг
why-slot-backfill = изпълнение за него все пак: rpa schedule backfill { $workflow } { $trigger } --from ВРЕМЕ --to ВРЕМЕ
