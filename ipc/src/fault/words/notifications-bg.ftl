

# Известия: на какво трябва да обърне внимание човек.

no-notification = { $count ->
    [one] няма известие { $id }
   *[other] няма известия { $id }
}
hint-RPA0226 = проверете диска; после отбележете, че е видяно: rpa notifications ack ID
title-RPA0226 = повредено известие в хранилището
hint-RPA0560 = вижте `rpa notifications --all`
title-RPA0560 = няма такова известие
ack-too-many = { $count } известия наведнъж; най-много { $most }
notification-failed = неуспех: { $error }
notification-failed-at = неуспех при { $step }: { $error }
notification-timed-out = времето му изтече
notification-doubt = { $step } е под съмнение: { $reason }
notification-approval = { $step } чака одобрение: { $message }
notification-approval-late = никой не реши { $step } навреме
notification-sla-start = не започна в обещаното време
notification-sla-finish = не завърши в обещаното време
notification-slot-missed = пропусна момента си { $slot }: { $why }
notification-slot-skipped = прескочи момента си { $slot }: { $why }
notification-slot-refused = няма изпълнение за момента { $slot }: { $why }
notification-delivery-dropped = изпусна доставка: задържани са повече, отколкото може
notification-delivery-refused = няма изпълнение за доставка: { $why }
notification-trigger-paused = спрян на пауза: { $failures ->
    [one] изпълнението му беше неуспешно
   *[other] { $failures } неуспешни изпълнения едно след друго
}
notification-trigger-failing = не чува нищо: { $why }
notification-returned = демонът не беше спрян и отново работи: { $runs ->
    [0] нищо не беше започнато
    [one] едно отворено изпълнение продължава
   *[other] { $runs } отворени изпълнения продължават
}
notification-returned-lost = демонът не беше спрян и отново работи: { $lost ->
    [one] един опит беше прекъснат
   *[other] { $lost } опита бяха прекъснати
}, { $runs ->
    [one] едно отворено изпълнение продължава
   *[other] { $runs } отворени изпълнения продължават
}
notification-machine = машината падна и отново работи: { $runs ->
    [0] нищо не беше започнато
    [one] едно отворено изпълнение продължава
   *[other] { $runs } отворени изпълнения продължават
}
notification-machine-lost = машината падна и отново работи: { $lost ->
    [one] един опит беше прекъснат
   *[other] { $lost } опита бяха прекъснати
}, { $runs ->
    [one] едно отворено изпълнение продължава
   *[other] { $runs } отворени изпълнения продължават
}
notification-restored = хранилището е възстановено от резервно копие: { $runs ->
    [0] нищо не е задържано, тригерите чакат
    [one] едно отворено изпълнение е задържано
   *[other] { $runs } отворени изпълнения са задържани
}
notification-disk = остава малко място: нова работа не се приема
notification-backup = не беше направено резервно копие: { $why }
notification-dropped = { $count ->
    [one] едно известие, което никой не беше видял, отпадна
   *[other] { $count } известия, които никой не беше видял, отпаднаха
}: пазят се не повече от { $most }
notification-unreadable = не може да бъде прочетено: { $detail }; изчезва, щом някой отбележи, че го е видял
notification-mended = { $what } ({ $count } пъти; оправени с повторно изпълнение: { $mended })
