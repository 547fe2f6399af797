

# Резервни копия, възстановяване и какво намира `rpa doctor`: вижте upkeep-en.ftl.

backup-bad = { $file } не е годно резервно копие: { $why }
backup-unread = не може да се прочете: { $error }
backup-foreign = не е направено от rpad
backup-format = форматът му е { $found }, тази версия чете { $known }
backup-torn = прекъсва след „{ $after }“
backup-content = „{ $path }“ не е както е записано
backup-place = „{ $path }“ не е на мястото си
backup-missing = „{ $path }“ липсва
backup-member-unread = „{ $path }“ не може да се прочете: { $error }
backup-stream-broken = резервното копие прекъсна: { $error }
backup-stream-closed = резервното копие прекъсна: демонът затвори връзката, вижте журнала му
backup-busy = вече се прави резервно копие или хранилището се преглежда
backup-there = { $path } вече съществува
backup-no-space = няма място за резервното копие: { $error }
backup-not-written = резервното копие не можа да се запише: { $error }
backup-needs-space = в { $directory } има { $free } MiB, а копието може да заеме { $needed } MiB
hint-backup-directory = освободете място или посочете друга директория в backup.directory на rpad.toml
backup-newer = { $path } съдържа хранилище с формат { $found }, тази версия познава { $known }; нищо не е променено
file-failed = { $path }: { $error }
run-unread = изпълнение { $run } не може да се прочете: { $detail }
peer-no-operator = { $peer } може да ползва този демон, но това е само за root и за потребителя на демона
hint-as-operator = изпълнете го като root или като потребителя на демона: sudo -u rpad rpa ...
store-there = в { $path } има хранилище, което не е празно
restore-unfinished = възстановяване в { $path } е било прекъснато
hint-restore-again = поправете това и започнете възстановяването отначало: предишното е запазено
restore-done = възстановено в { $path }: { $runs ->
    [one] { $runs } изпълнение
   *[other] { $runs } изпълнения
}, от тях { $open } незавършени, към { $taken }
restore-replaced = предишното е в { $path }
restore-damaged = { $rows ->
    [one] { $rows } ред е бил повреден още при правенето на копието
   *[other] { $rows } реда са били повредени още при правенето на копието
}
restore-identity = самоличността е тази на оригинала, { $instance }: не пускайте и двете да продължат
restore-held = незавършените изпълнения са задържани; { $attempts ->
    [one] { $attempts } стъпка е била
   *[other] { $attempts } стъпки са били
} в ход
restore-next = стартирайте демона и вижте с `rpa resume --restored --dry-run`
calls-taken = твърде много заявки са в ход по тази връзка
why-run-held = било е незавършено в резервно копие, което е възстановено, и е задържано до `rpa resume --restored`
nothing-held = няма задържани изпълнения: хранилището не е възстановено или вече продължава
reason-held = възстановено от резервно копие: задържани незавършени изпълнения: { $count }

error-dir-limit = работните директории на изпълнението са над { $limit } байта (runs.dir_limit)

## Какво намира `rpa doctor`

doctor-word-ok = добре
doctor-word-note = бележка
doctor-word-warning = внимание
doctor-word-error = грешка
doctor-check-backup = копия
doctor-check-daemon = демон
doctor-check-disk = диск
doctor-check-runs = изпълнения
doctor-check-schedules = графици
doctor-check-socket = сокет
doctor-check-starts = стартове
doctor-check-state = състояние
doctor-check-store = хранилище
doctor-check-clock = часовник
doctor-check-limits = граници
doctor-check-permissions = права
doctor-daemon = демонът отговаря: { $version }, pid { $pid }
doctor-no-daemon = демонът не отговаря, затова това е видимото без него: { $why }
doctor-start = стартирайте го: systemctl start rpad или rpad; журналът му казва защо е спрял
doctor-daemon-state = демонът е { $state }: { $reason }
doctor-see-status = вижте `rpa status`
doctor-no-state-dir = няма директория на състоянието
doctor-state-unseen = директорията на състоянието не може да се прегледа: { $error }
doctor-as-owner = изпълнете го като потребителя на демона
doctor-lock-held = ключалката на директорията назовава pid { $pid }, който е жив
doctor-lock-dead = ключалката на директорията назовава pid { $pid }, който вече го няма
doctor-socket-stale = сокет, на който никой не слуша: следващото стартиране го подменя
doctor-restoring = възстановяване е било прекъснато: демон не се стартира
doctor-store-there = хранилището е налице, { $size } MiB
doctor-store-missing = няма хранилище
doctor-store-sound = хранилището е изправно: прегледани са { $rows } реда, върху копие
doctor-store-damaged = хранилището е повредено: { $damaged } от { $rows } реда или строежът около тях
doctor-store-rows = повредени са { $damaged } от { $rows } реда, вижте по-долу; строежът около тях е изправен
doctor-store-unread = хранилището не може да се прочете докрай: { $error }
doctor-store-large = не е направено копие, за да се прегледа строежът на хранилището: то е { $size } MiB или няма място
doctor-store-by-backup = резервното копие чете всеки ред: rpa backup FILE
doctor-store-busy = хранилището не е прегледано: прави се резервно копие
doctor-restore = спрете демона, запазете файла и възстановете копие: rpad restore FILE --replace
doctor-audit-fine = { $count ->
    [one] { $count } изпълнение съвпада с журнала си и с всички списъци, таймери и опашки
   *[other] { $count } изпълнения съвпадат с журналите си и с всички списъци, таймери и опашки
}
doctor-audit-partly = от { $all } изпълнения за { $seconds } s са прегледани { $runs }, а журналите на { $journals }, първо най-новите
doctor-audit-more = { $count ->
    [one] има още { $count } такава находка
   *[other] има още { $count } такива находки
}
doctor-audit-log = журналът на демона има първите сто, по ред за всяка: journalctl -u rpad
doctor-audit-unread-run = записи на изпълнение { $run } не могат да се прочетат (таблица { $table }): { $detail }
doctor-audit-unread = ред от таблица { $table } не може да се прочете: { $detail }
doctor-audit-astray-run = изпълнение { $run } може да чака вечно или да бъде забравено (таблица { $table }): { $detail }
doctor-audit-astray = общото между изпълненията не е в ред (таблица { $table }): { $detail }
doctor-audit-differs-run = записаното за изпълнение { $run } си противоречи (таблица { $table }): { $detail }
doctor-audit-differs = записаното си противоречи (таблица { $table }): { $detail }
doctor-audit-catalogue = каталогът на процесите не е цял (таблица { $table }): { $detail }
doctor-audit-listed-run = списъците не показват изпълнение { $run } каквото е (таблица { $table }): { $detail }
doctor-audit-listed = списъци и броячи са грешни (таблица { $table }): { $detail }
doctor-audit-stray = записани са редове, които не са на никого (таблица { $table }): { $detail }
doctor-audit-archived = изпълнение { $run } в този архив е повредено (таблица { $table }): { $detail }
doctor-audit-archive = този архив е повреден (таблица { $table }): { $detail }
doctor-archive-gone = { $count ->
    [one] архива от { $day } го няма, а с него и изпълнението в него
   *[other] архива от { $day } го няма, а с него и { $count } изпълнения
}
doctor-bring-archive = върнете файла, преди да бъде забравен; резервно копие без --history няма архиви
doctor-run-damaged = вижте какво е свършило: rpa logs { $run }; после rpa explain RPA0225
doctor-run-astray = rpa cancel { $run }, после rpa retry { $run }; иначе възстановете резервно копие
doctor-run-differs = не вярвайте на показаното за него: сравнете rpa logs { $run }; запазете копие на хранилището
doctor-apply-again = приложете отново файла на процеса: rpa apply FILE; иначе възстановете резервно копие
doctor-work-goes-on = работата продължава; запазете копие на хранилището и съобщете, възстановете при удобен случай
doctor-keep-archive = живите изпълнения не са засегнати; върнете файла от резервно копие или го преместете другаде
doctor-not-looked = непрегледано, защото само демонът може: редовете на хранилището, часовникът, границите, изпълненията, копията
doctor-when-it-answers = когато отговори отново: rpa doctor
doctor-modes-fine = директорията, хранилището, сокетът и тайните са затворени за другите
doctor-unseen = не може да се види: { $error }
doctor-open = достъпно е за други: правата са { $mode }
doctor-secret-open = други могат да прочетат тази тайна
doctor-chmod = изпълнете chmod go= { $path }
doctor-owner = принадлежи на потребител { $owner }, а демонът е потребител { $user }
doctor-chown = изпълнете chown { $user } { $path }
doctor-restart = рестартирайте демона
doctor-socket-gone = сокетът на демона го няма: { $error }
doctor-socket-other = на мястото на сокета има нещо друго
doctor-disk-fine = { $free } MiB са свободни; хранилището расте с около { $growth } MiB на ден
doctor-disk-days = { $free } MiB са свободни, достатъчни за { $days } дни: хранилището расте с около { $growth } MiB на ден
doctor-disk-little = свободни са само { $free } MiB
doctor-make-room = освободете място или преместете директорията на състоянието на по-голям диск
doctor-clock-forward = часовникът е преместен напред с { $seconds } s, откакто демонът е стартиран
doctor-clock-back = часовникът е върнат с { $seconds } s, откакто демонът е стартиран
doctor-clock-before-runs = часовникът е с { $seconds } s назад спрямо най-новото изпълнение
doctor-clock-kept = часовникът се сверява; машината работи от { $minutes } min
doctor-clock-unkept = не се вижда нещо да сверява часовника; машината работи от { $minutes } min
doctor-keep-time = нека systemd-timesyncd или chrony сверява часовника
doctor-limits-fine = отворени са { $open } от { $most } дескриптора; процесите и наблюденията стигат
doctor-few-files = демонът може да отвори { $most } файла, а може да потрябват { $wanted }
doctor-files-used = отворени са { $open } от { $most } дескриптора
doctor-more-files = увеличете LimitNOFILE на услугата или ulimit -n
doctor-few-processes = потребителят може да има { $most } процеса, а runs.max_attempts е { $attempts }
doctor-more-processes = увеличете LimitNPROC на услугата или намалете runs.max_attempts
doctor-few-inotify = потребителят може да има { $most } наблюдения на файлове
doctor-runs-fine = { $open } от { $all } изпълнения не са завършили; никое не чака решение
doctor-held = { $count ->
    [one] хранилището е възстановено и { $count } изпълнение е задържано
   *[other] хранилището е възстановено и { $count } изпълнения са задържани
}
doctor-resume-restored = rpa resume --restored --dry-run, после rpa resume --restored
doctor-doubts = { $count ->
    [one] { $count } изпълнение е под съмнение
   *[other] { $count } изпълнения са под съмнение
}
doctor-schedules = { $armed } от { $all } тригера са заредени
doctor-schedules-more = { $count ->
    [one] и още 1 тригер, който не пуска нищо
   *[other] и още { $count } тригера, които не пускат нищо
 }
doctor-schedule-behind = { $name } има момент отпреди { $seconds } секунди, който никой не е поел
doctor-schedule-ahead = { $name } не пуска нищо преди { $until }: веднъж часовникът е показвал това време и моментите дотогава са поети
doctor-schedule-broken = { $name } не може да пуска: { $why }
doctor-schedule-paused = { $name } не пуска: { $why }
doctor-source-failing = { $name }: { $why }
doctor-source-odd = { $name } е пропуснал { $count ->
    [one] едно нещо, което е дошло; последното: { $why }
   *[other] { $count } неща, които са дошли; последното: { $why }
}
doctor-mend-source = поправете го: демонът поглежда отново сам
doctor-schedule-cadence = { $name } { $why }
doctor-see-slots = rpa slots показва всеки от тях, а rpa why ПРОЦЕС/ТРИГЕР@ВРЕМЕ казва защо; нека изпълненията са по-къси, графикът по-рядък или overlap друг
doctor-resume-trigger = rpa triggers, после rpa triggers resume
doctor-enable-trigger = щом часовникът е верен: rpa triggers enable; оттогава нататък се пускат моментите, които още не са имали изпълнение
doctor-mend-trigger = поправете файла на работния процес или [calendars] в rpad.toml
doctor-see-doubts = rpa doubts, после rpa resolve
doctor-waiting-long = { $count ->
    [one] { $count } изпълнение чака повече от { $days } дни
   *[other] { $count } изпълнения чакат повече от { $days } дни
}
doctor-see-waiting = вижте rpa runs --status waiting,paused
doctor-backup-failed = последното планирано резервно копие не е направено: { $why }
doctor-backup-late = планирано резервно копие закъснява в { $directory }
doctor-see-backup = вижте `rpa status` и журнала на демона
doctor-backup-age = последното резервно копие е отпреди { $hours } h
doctor-no-backup = още няма резервно копие
doctor-make-backup = rpa backup FILE или задайте backup.directory в rpad.toml
doctor-starts-fine = през последната седмица няма неуспешни стартирания
doctor-failed-starts = { $count ->
    [one] { $count } неуспешно стартиране през последната седмица: { $last }
   *[other] { $count } неуспешни стартирания през последната седмица, последното: { $last }
}
doctor-see-log = rpa explain CODE и журналът на демона

## Кодове

title-RPA0220 = негодно резервно копие
hint-RPA0220 = копирайте го отново оттам, където е направено, или вземете по-ранно
title-RPA0221 = файлът вече съществува
hint-RPA0221 = посочете друго име или го заменете с --force
title-RPA0222 = прави се резервно копие
hint-RPA0222 = опитайте пак, когато приключи, вижте `rpa status`
title-RPA0223 = вече има хранилище
hint-RPA0223 = посочете празна --state-dir или преместете наличното с --replace
title-RPA0224 = недовършено възстановяване
hint-RPA0224 = започнете го отначало с `rpad restore FILE`
title-RPA0440 = директорията на изпълнение е твърде голяма
hint-RPA0440 = нека стъпката пише другаде или по-малко, или увеличете runs.dir_limit
title-RPA0550 = нищо не е задържано
hint-RPA0550 = вижте `rpa status`
