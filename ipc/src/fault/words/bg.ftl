# Какво може да се обърка, на български: вижте en.ftl, където е обяснено и кое
# какво е. Идентификаторите и аргументите са същите.


## Около грешката

label-error = грешка
label-warning = предупреждение
label-hint = съвет
label-see = вижте
label-exit-code = изходен код { $code }

fact-host = машина
fact-ssh = отговор на ssh
fact-action = действие
fact-applied-before = приложени преди това
fact-away = без отговор
fact-pid = номер на процеса (pid)
fact-request-id = id на заявката
fact-row = ред
fact-run = изпълнение


## Имена

name-empty = е празно
name-too-long = е по-дълго от { $most } знака
name-ident = трябва да отговаря на [a-z_][a-z0-9_]*
name-hyphen = съдържа тире, което изразите четат като минус; напишете „{ $instead }“
name-label = трябва да отговаря на [a-z0-9][a-z0-9_-]{"{"}0,63{"}"}
name-event = трябва да отговаря на [a-z0-9][a-z0-9_.-]{"{"}0,63{"}"}
name-workflow = не е във вида NAME или NAMESPACE/NAME
name-run = не е id на изпълнение (UUID)
name-step-path = не е път до стъпка като usage


## Пътят до демона

no-answer = демонът не отговори в срок
connection-lost = връзката прекъсна: { $error }
no-greeting = демонът на { $socket } приема връзката, но не се представя
socket-missing = няма демон: на { $socket } няма сокет
socket-abandoned = няма демон: на { $socket } никой не отговаря (изоставен сокет)
socket-denied = нямате право да отворите сокета { $socket }
hint-own-daemon = поискайте да ви добавят в групата rpad или използвайте собствен демон
socket-failed = не може да се установи връзка с { $socket }: { $error }
greeting-broken = демонът затвори връзката, докато тя се установяваше: { $error }
not-rpad = програмата, която слуша там, не е rpad
peer-refused = нямате право да използвате този демон
connections-taken = всички връзки на демона са заети
protocols-differ = този клиент използва протокол { $ours }, а демонът – { $theirs }
host-unreachable = { $host } не може да бъде достигнат през ssh: { $why }
host-ended = ssh до { $host } приключи с { $exit }, преди rpa да отговори там: { $why }
host-without-rpa = { $host } няма rpa в PATH на обвивката си
host-no-ssh = { $program } не може да бъде пуснат: { $error }
host-old = rpa на { $host } е твърде старо за --host
host-said = на { $host }: { $why }
host-name = { $host } не е адрес за ssh
host-words = RPA_SSH не може да бъде прочетена: в нея има незатворена кавичка
host-files = rpa на { $host } е от друга версия, а тази команда използва файлове от тази машина: { $files }
hint-host-name = напишете го като host, user@host или ssh://user@host:2222
hint-host-words = напишете я като RPA_SSH='ssh -p 2222 -i ~/.ssh/key'
hint-host-version = инсталирайте тук същата версия на rpa като там или копирайте файловете и пуснете rpa там
hint-host-old = инсталирайте там същата версия на rpa или я пуснете там: ssh HOST rpa ...
hint-host-nobody = тук няма кой да отговори на ssh: изпълнете командата веднъж в обвивка или дайте на ssh ключ, който може да ползва
request-too-long = заявката е по-голяма от { $most } MiB и не е изпратена
log-stream-broken = потокът на журнала прекъсна: { $error }
log-stream-closed = демонът затвори потока на журнала


## Начало и край на демона

no-runtime = средата за изпълнение не можа да се създаде: { $error }
no-present-directory = текущата директория не може да се установи: { $error }
no-signals = сигналите не могат да се приемат: { $error }
driver-broke = главната нишка на демона се срина: { $panic }; потвърденото е запазено в хранилището
settings-wrong = { $problems }
settings-line = { $place }: { $problem }
settings-line-hint = { $place }: { $problem } ({ $hint })
settings-of = { $setting }: { $problem }
settings-other = { $text }
settings-in-order = настройките са наред: { $file }
settings-none = няма файл с настройки: всяка е по подразбиране
log-filter = daemon.log „{ $text }“ не може да се използва: { $error }
log-level = daemon.log „{ $text }“: „{ $word }“ не е ниво
hint-log-filter = error, warn, info, debug или trace, също и по модул: info,rpad::driver=debug
log-file = файлът daemon.log_file { $path } не може да се използва: { $error }
log-file-nameless = daemon.log_file { $path }: не е посочен файл
no-home = няма домашна директория, в която да се пази { $what ->
    [state] състоянието
    [settings] настройките
   *[socket] сокетът
}
hint-home = задайте HOME или посочете пътищата с RPAD_CONFIG, RPAD_STATE_DIR и RPA_SOCKET
socket-path-long = пътят до сокета { $path } е { $bytes } байта; Unix сокет допуска { $most }
hint-shorter-socket = посочете по-къс с --socket или RPA_SOCKET, например /tmp/rpad.sock
state-dir-relative = директорията на състоянието { $path } не е абсолютен път
hint-absolute-path = напишете път, който започва с /
state-dir-failed = директорията на състоянието { $path } не може да се използва: { $error }
state-dir-no-directory = директорията на състоянието { $path } не е директория
hint-state-dir = дайте я на потребителя на демона или посочете друга с --state-dir
state-dir-taken = демонът с pid { $pid } вече използва { $path }
hint-other-state-dir = използвайте него, спрете го или посочете друга директория с --state-dir
runner-dir = изпълнителят не може да използва { $path }: { $error }
runner-not-started = за { $path } не може да бъде пуснат изпълнител: { $error }
runner-ended = изпълнителят, пуснат за { $path }, приключи: { $said }
runner-late = изпълнителят, пуснат за { $path }, не беше готов след { $seconds } s и беше спрян
runner-silent = изпълнителят на { $path } не отговаря: { $error }
runner-of-another = изпълнителят на { $path }, pid { $pid }, държи стъпки на друго хранилище
runner-of-a-later-start = изпълнителят, pid { $pid }, работи за пускане { $theirs } на демона върху това хранилище; това е пускане { $ours }
runner-lock-taken = изпълнителят с pid { $pid } вече работи за { $path }
hint-runner-log = вижте runner.log в тази директория; увиснал изпълнител се намира с `fuser runner.lock`
cannot-listen = не може да се слуша на { $socket }: { $error }
hint-other-socket = посочете друг сокет с --socket
socket-taken = друг демон отговаря на { $socket }
hint-stop-or-other-socket = спрете го или посочете друг сокет с --socket
not-a-socket = { $path } съществува и не е сокет


## Хранилището

archive-damaged = архивът { $path } е повреден: { $detail }
store-damaged = хранилището { $path } е повредено: { $detail }
store-run-damaged = записите на изпълнение { $run } са повредени и то е оставено настрана: { $detail }
store-notification-damaged = известие { $id } не може да бъде прочетено и е оставено настрана: { $detail }
store-newer = хранилището { $path } е от по-нова версия: { $detail }
store-full = няма място за хранилището { $path }: { $detail }
store-open-elsewhere = хранилището { $path } е отворено от друг процес
store-failed = хранилището { $path } не може да се използва: { $detail }


## Какво отказва демонът

unexpected = неочаквано: { $detail }
inbox-full = { $count ->
    [one] вече чака { $count } заявка
   *[other] вече чакат { $count } заявки
}
daemon-stopped = демонът спря
no-new-runs = не се приемат нови изпълнения
no-store-here = няма хранилище в { $path }
disk-full = нищо ново не се приема, докато дискът е пълен
disk-low = нищо ново не се приема, докато дискът е почти пълен
peer-denied = { $peer } няма право да използва този демон
hint-archive-damaged = самото хранилище е наред. За да продължите без изпълненията от този ден: преместете { $path } другаде
hint-ask-administrator = помолете администратор да ви добави в групата { $group }
request-id-form = id на заявка е от 1 до { $most } печатни знака
hint-request-id = например UUID
request-too-large = заявката не може да бъде кодирана: { $error }
request-reused = заявка „{ $request }“ вече стартира изпълнение { $run } с друг работен процес или с други променливи
workflow-name = името „{ $name }“ { $why }
no-workflow = няма работен процес { $workflow }
hint-near-workflow = имате предвид { $near }? вижте `rpa workflows`
no-revision = { $workflow } няма ревизия { $revision }
no-draft = няма чернова на { $workflow }, която да чака публикуване
not-published = { $workflow } не приема изпълнения: няма публикувана ревизия
overtaken = { $workflow } вече е с ревизия { $newest }: файлът е за ревизия { $base }
overtaken-new = { $workflow } вече го има, с ревизия { $newest }: файлът е за нов процес
overtaken-none = { $workflow } го няма: файлът е за негова ревизия { $base }
base-of-one = --base е ревизия на един процес: върви с един файл, а тук са { $count }
rollback-to-draft = ревизия { $revision } на { $workflow } е чернова, която никога не е била публикувана: няма към какво да се върне
hint-publish-revision = публикувайте я с `rpa publish { $workflow } { $revision }`
hint-publish = публикувайте черновата с `rpa publish { $workflow }`
no-triggers = { $workflow } няма тригери
which-trigger = { $workflow } има няколко тригера: { $names }
schedule-broken = тригерът { $trigger } на { $workflow } не дава моменти: { $error }
hint-schedule = { $hint }; календарите са в rpad.toml
backfill-too-many = { $count } момента са без изпълнение, а наведнъж се наваксват най-много { $max }
backfill-no-room = { $slots } момента са без изпълнение, а има място за още { $room }: най-много { $most } чакат края на изпълнение
hint-backfill-no-room = изчакайте някои от тях да получат своето или вземете по-кратко време
hint-backfill-max = вземете по-кратко време или кажете колко с `--max`
backfill-backwards = { $from } не е преди { $to }
hint-backfill-backwards = `--from` е първият момент, а `--to` е моментът, преди който свършва
preview-what = назовете работен процес или дайте cron израз с `--cron`
why-slot-step = моментът няма стъпки: има ги изпълнението му, вижте `rpa slots`
why-slot-time = „{ $time }“ не е време на момент: { $error }
trigger-gone = действащата ревизия го няма
trigger-broken = { $problem }
trigger-disabled-in-file = във файла на работния процес пише `enabled: false`
trigger-disabled = изключен от { $by } в { $at }
trigger-paused = спрян от { $by } в { $at }
trigger-disabled-by = изключен от { $by } в { $at }: { $note }
trigger-paused-by = спрян от { $by } в { $at }: { $note }
trigger-paused-failures = { $failures ->
    [one] изпълнението му беше неуспешно
   *[other] { $failures } неуспешни изпълнения едно след друго
 }
trigger-held = хранилището е възстановено от резервно копие: `rpa resume --restored`
slot-waits-time = времето му е { $at }
slot-waits-catch-up = ще бъде наваксан, щом му дойде редът
slot-waits-run = изпълнението на по-ранен момент още върви
slot-in-gap = часовникът го прескача, когато започва лятното време
slot-in-fold = часовникът го показва два пъти, когато лятното време свършва; важи другият
slot-off-calendar = денят му не е от дните на графика
slot-merged = друг отложен момент важи и за него
slot-overlap = изпълнението { $run } на по-ранен момент още вървеше
slot-superseded = чакаше край на изпълнение и по-нов момент важи вместо него
slot-queue-full = чакат толкова момента, колкото може
slot-paused = тригерът беше спрян
slot-disarmed = чакаше, а тригерът беше изключен или махнат
slot-condition = `if` на тригера не беше изпълнено
slot-refused = { $code }: { $message }
slot-missed-down = демонът не работеше
slot-missed-clock = часовникът беше преместен напред или машината е спала
slot-missed-restore = може да го е пуснал демонът, чието копие е възстановено
cadence-slower = пуска на всеки { $effective } вместо на всеки { $written }: { $lost } от последните { $all } момента останаха без изпълнение ({ $why })
cadence-none = не пуска нищо вместо на всеки { $written }: никой от последните { $all } момента няма изпълнение ({ $why })
cadence-late = пуска със закъснение: { $late } от последните { $all } момента
cadence-overlapped = { $slots } пропуснати: overlap
cadence-missed = { $slots } изтървани
cadence-refused = { $slots } отказани
cadence-merged = { $slots } слети с други отложени
no-trigger = { $workflow } няма тригер { $trigger }
trigger-not-armed = тригерът { $trigger } на { $workflow } не е зареден: нищо не го пуска
not-a-starter = { $who } няма право да пуска { $workflow }: тригерът му { $trigger } казва кой има
hint-starters = право има някой от тези: { $who }
variable-not-by-hand = { $name } не се дава ръчно: тригерът { $trigger } на { $workflow } изброява променливите, които се дават
hint-by-hand = дават се тези: { $names }
trigger-data-size = { $bytes } байта за тригер; най-много { $most }
delivery-merged = доставка { $into } стои вместо нея
delivery-gathers = чака други, които може да отидат в същото изпълнение
delivery-throttled = за това време са започнали толкова изпълнения, колкото може
delivery-paused = тригерът е на пауза
delivery-closed = засега не се приемат изпълнения: няма място, процесът е изваден от употреба или хранилището е възстановено
delivery-too-many = за това време бяха започнали толкова изпълнения, колкото може
delivery-too-many-held = вече бяха задържани толкова, колкото може
delivery-restored = може да я е пуснал демонът, чието копие е възстановено
delivery-changed = чакаше, а тригерът получи друг източник
trigger-failing = източникът му засега не чува нищо: { $problem }
trigger-data-no-object = това, което тригерът получава, е обект с полета
trigger-changed = тригерът { $trigger } току-що е променен
hint-trigger-changed = изпратете го отново
trigger-restored = тригерите не приемат нищо: хранилището е възстановено от резервно копие
hint-trigger-restored = пуснете изпълненията и тригерите му: rpa resume --restored
trigger-without-slots = тригерът { $trigger } на { $workflow } е от вида { $kind }, който няма моменти
trigger-full = тригерът { $trigger } задържа { $held } доставки от общо { $size } MiB; може да чакат най-много { $most } и { $largest } MiB
hint-trigger-full = опитайте по-късно; `rpa triggers` казва какво чака
trigger-too-far = тригерът { $trigger } на { $workflow } е достигнат от { $most } изпълнения, всяко от които е довело до следващото
hint-trigger-too-far = прекъснете кръга от тригери `after` и `event`, после пуснете тригера ръчно, ако изпълнението му липсва
trigger-chain = тригери биха пускали тези процеси един след друг без край: { $circle }
hint-trigger-chain = извадете едно `after` от кръга
trigger-condition = `if` на тригера { $trigger } не може да се изчисли: { $error }
trigger-variable = променливата { $name } на тригера { $trigger } не може да се изчисли: { $error }
watch-absent = папката { $directory } я няма
watch-no-directory = { $directory } не е папка
watch-unreadable = { $path } не може да се прочете: { $error }
hint-watch-unreadable = позволете на потребителя на демона да чете: ls -ld { $path }
watch-place-unread = { $path } се пропуска, защото не може да се прочете: { $error }
watch-places-unread = { $path } и още { $more } се пропускат, защото не могат да се прочетат: { $error }
hint-watch-place-unread = позволете на потребителя на демона да го чете или го преместете: ls -ld { $path }
watch-too-many = { $directory } има повече от { $most } файла, които се имат предвид, или папки
hint-watch-too-many = преместете старите файлове или кажете в `include` и `exclude` кои се имат предвид
watch-limit = { $directory } се преглежда само на { $seconds } s: ядрото не следи повече папки за този потребител
hint-watch-limit = sysctl fs.inotify.max_user_watches казва колко следи: увеличете го; демонът ще забележи
watch-instances = { $directory } се преглежда само на { $seconds } s: ядрото не дава повече inotify на този потребител
hint-watch-instances = увеличете fs.inotify.max_user_instances със sysctl, после рестартирайте демона
watch-refused = { $directory } се преглежда само на { $seconds } s: ядрото не я следи: { $error }
watch-other-directory = { $directory } е празна и не е папката, в която са видени { $count } файла: не е ли монтиран някой диск?
hint-watch-other-directory = монтирайте го; ако папката е наред така, тя се приема с първия файл в нея
watch-odd-name = името на { $name } не е UTF-8: пропуснат е
workflow-disabled = { $workflow } не приема нови изпълнения: изключен е от { $who } в { $when }
hint-enable = включете го отново с `rpa enable { $workflow }`
workflow-archived = { $workflow } е архивиран от { $who } в { $when }
hint-restore = върнете го с `rpa restore { $workflow }`
workflow-exists = вече има работен процес { $workflow }
cannot-rename = `{ $key }` на { $workflow } е написан така, че само човек може да го промени
note-form = бележката е един ред от най-много { $most } байта
note-control = бележката е без управляващи знаци, като табулации или цветове на терминала
bundle-large = { $files ->
    [one] пакетът побира най-много { $files } файл
   *[other] пакетът побира най-много { $files } файла
}, общо { $most } MiB
bundle-other-name = „{ $file }“ от пакета трябва да е { $wanted }, а е { $found }
bundle-twice = { $workflow } е два пъти в пакета
text-too-long = търсеният текст е най-много { $most } байта
too-many-terms = списък с изпълнения приема най-много още { $most } условия
text-length = търсеният текст е от 1 до { $most } байта
hint-part-of-text = търсете част от него
no-run-status = „{ $word }“ не е състояние на изпълнение
hint-run-status = едно от { $words }
not-a-run-id = „{ $id }“ не е id на изпълнение
hint-run-id = дайте id, както го показва `rpa runs`, или неговия край
no-run = няма изпълнение „{ $id }“ в пространство { $namespace }
run-gone = няма изпълнение { $run }
runs-alike = { $count ->
    [one] id на { $count } изпълнение завършва на „{ $id }“
   *[other] id на { $count } изпълнения завършва на „{ $id }“
}
run-ended = изпълнение { $run } вече е приключило
run-without-step = в изпълнение { $run } няма такава стъпка
step-not-in-doubt = изпълнение { $run }: стъпката не е под въпрос
nothing-in-doubt = изпълнение { $run }: там нищо не е под въпрос
run-being-cancelled = изпълнение { $run } се отменя, затова стъпката не може да се повтори
run-paused = изпълнение { $run } вече е на пауза
run-not-paused = изпълнение { $run } не е на пауза
run-not-ended = изпълнение { $run } е { $status }: само приключило може да се повтори
recording-not-ended = изпълнение { $run } е { $status }: записва се само изпълнение, което е приключило
hint-recording-not-ended = изчакайте края му с `rpa logs -f { $run }` или го отменете
recording-rerun = изпълнение { $run } е поело стъпки от изпълнение { $before }, за които не знае
hint-recording-rerun = запишете изпълнение, което е започнало от началото си
recording-large = изпълнението има повече от { $most } опита: твърде много за файл, който се чете от хора
tests-none-in = в { $path } няма *.test.yaml
tests-none-of = до { $workflow } няма { $path }
hint-tests = напишете файл с тестове или го направете от изпълнение с `rpa test record RUN`
tests-none-named = няма тест с { $text } в името
hint-tests-named = имената на тестовете се сравняват както са написани, и главните букви
tests-there = { $path } вече съществува
hint-tests-there = дайте друго име с -o или преместете този файл
steps-would-repeat = изпълнение { $run }: стъпки от клас once ще се изпълнят отново: { $steps }
hint-from-step = `--from` назовава стъпка на самия процес, в ревизията, която би се изпълнила, не такава вътре в друга
hint-done-or-fail = изберете done или fail
step-not-asking = изпълнение { $run }: стъпката не чака одобрение
approval-changed = изпълнение { $run }: вече се иска одобрение за нещо друго
not-an-approver = изпълнение { $run }: не сте сред хората, които решават за това
approval-of-own-run = изпълнение { $run }: никой не одобрява изпълнение, което сам е пуснал
step-without-lock = това, което стъпката държеше, ѝ беше отнето от човек: изпълнение { $run } не я изпълнява отново без него
fields-differ = други са одобрили изпълнение { $run } с други полета; одобрете същите или отхвърлете
approval-twice = изпълнение { $run }: вече сте го одобрили, а са нужни няколко души
comment-form = коментарът е най-много { $most } знака, без управляващи знаци освен нов ред
fields-wrong = формулярът на { $step }: { $problems }
hint-fields = попълнете формуляра с --field NAME=VALUE; полетата му са { $known }
hint-no-fields = махнете --field: това одобрение няма формуляр
pool-in-use = { $pool } не може да се премахне: има стъпки, които държат или чакат жетони от него
pool-size = пулът има от 1 до { $most } жетона
lock-name = името „{ $name }“ { $why }
lock-not-held = изпълнение { $run }, стъпка { $step } не държи { $lock }
hint-locks = вижте кой какво държи и кой чака с `rpa locks`
event-name = името „{ $name }“ { $why }
event-crowded = стъпка { $step } на изпълнение { $run } има вече { $most } събития { $event } за преглеждане: нищо не е публикувано
hint-event-crowded = публикувайте го отново след малко, и по-бавно
event-size = данните на събитието са { $bytes } байта; позволени са най-много { $most }
workflow-circle = работният процес би извикал сам себе си: { $circle }
no-step = в изпълнение { $run } няма стъпка { $step }
log-unreadable = журналът на изпълнение { $run } не може да бъде прочетен: { $error }
foreign-cursor = курсорът не е от този списък
values-too-large = стойностите са твърде големи: { $error }
value-not-stored = голяма стойност не може да бъде записана: { $error }

variables-wrong = { $workflow }: { $problems }
variable-unknown = { $name }: няма такава променлива
variable-missing = { $name }: задължителна е, а не е подадена
variable-secret = { $name }: дайте името на тайна, никога стойността ѝ (rpa не приема тайни като аргументи)
variable-no-secret = { $name }: подаденото не е името на тайна, която демонът има; дайте името на тайна, никога стойността ѝ
variable-text = { $name }: очаква се { $expected }, а не „{ $text }“
variable-unfit = { $name }: { $why }
variable-type = { $name }: очаква се { $expected }, а не { $got }
variable-not-plain = { $name }: могат да се подават само обикновени документи
variables-further = и други
hint-variables = подавайте променливи с --var NAME=VALUE; процесът има { $known }
hint-no-variables = подавайте променливи с --var NAME=VALUE; този процес няма


## Командният ред

usage-refused = командният ред не може да бъде разбран: { $said }
output-twice = --json и друга форма в --output си противоречат
output-no-list = --output е за списъка: поисканото тук не е списък
no-topic = няма нито тема, нито команда { $topic }
hint-topics = вижте `rpa help`
hint-did-you-mean = имахте предвид `{ $name }`?
command-missing = липсва команда
output-failed = не може да се пише на стандартния изход: { $error }
bug-in-rpa = грешка в самия rpa: { $panic }
hint-report-command = съобщете за нея, като приложите въведената команда и `rpa --version`
cannot-start = програмата не може да стартира: { $error }
cannot-wait = сигналите не могат да се изчакват: { $error }
no-fault = в тази версия няма код на грешка „{ $code }“
no-task = в тази версия няма вид задача „{ $kind }“
manual-failed = страниците на ръководството не могат да се запишат в { $path }: { $error }
request-id-option = --request-id приема от 1 до 128 печатни знака
hint-same-request-id = изпълнението може да е прието: повторете командата със същия --request-id
not-back = демонът не се върна за { $seconds } s
run-goes-on = изпълнението не приключи за { $after }; то продължава
hint-run-goes-on = вижте `rpa show RUN`; прекратява се с `rpa cancel RUN`
diff-sides = --file е по-новата страна: посочете най-много една ревизия
only-revision = { $workflow } има само една ревизия: няма с какво да се сравни
file-unread = { $path } не може да бъде прочетен: { $error }
file-unwritten = { $path } не може да бъде записан: { $error }
bundle-to-terminal = пакет не се пише нито на терминал, нито при JSON; посочете файл с -o
bundle-unusable = { $path } не е пакет: { $why }
bundle-compressed = компресиран е: първо го разкомпресирайте с { $program }
bundle-no-tar = не може да се прочете като tar файл: { $error }
bundle-no-manifest = първото в него не е manifest.json
bundle-manifest = неговият manifest.json не може да бъде прочетен: { $error }
bundle-format = форматът му е { $found }, а този rpa познава { $known }
bundle-kind = „{ $path }“ не е обикновен файл
bundle-place = „{ $path }“ не е на място, на което описът може да има файл
bundle-path-twice = „{ $path }“ се среща два пъти
bundle-file-size = „{ $path }“ е по-голям от { $most } KiB
bundle-hash = „{ $path }“ не е това, което казва описът: хешът е друг
bundle-text = „{ $path }“ не е текст в UTF-8
bundle-missing = „{ $path }“ е в описа, но липсва
bundle-entries = { $most ->
    [one] в него има повече от { $most } файл
   *[other] в него има повече от { $most } файла
}
bundle-size = файловете му са общо по-големи от { $most } MiB
output-without-done = --output е за стъпка, която е извършена
resolve-what = с --all посочете done, retry или fail, след цикъла или групата или без тях
hint-no-output = махнете --output
nothing-asked = изпълнение { $run } не чака одобрение, нито някое, което то е извикало
nothing-asked-at = на { $step } в изпълнение { $run } не се иска одобрение
several-asked = в изпълнение { $run } се искат няколко одобрения: { $steps }
hint-approvals = вижте какво се иска с `rpa approvals` и `rpa show { $run }`
hint-name-step = посочете кое: { $command }
digest-other = исканото от { $step } в изпълнение { $run } вече е с отпечатък { $digest }: не е това, което сте видели
hint-look-again = прочетете отново какво се иска и дайте --digest { $digest }
event-data-unread = --data: { $path } не може да се прочете: { $error }
event-data-no-json = --data не е валиден JSON: { $error }
event-data-deep = --data е вложен на повече от { $most } нива
hint-event-data = дайте данните като JSON, като --data @ФАЙЛ или като --field ИМЕ=СТОЙНОСТ
run-cancelled = изпълнението беше отменено

values-unusable = { $count ->
    [one] { $problems }
   *[other] { $count } стойности не могат да се използват
    { $problems }
}
value-twice = { $name }: подадена е два пъти
value-no-equals = { $word }: няма `=`
value-name = { $name }: името { $why }
value-unread = { $name }: { $path } не може да бъде прочетен: { $error }
value-file-unread = { $path }: не може да бъде прочетен: { $error }
value-file-no-json = { $path }: не е валиден JSON: { $error }
value-file-no-object = { $path }: трябва да е JSON обект с имена и стойности
value-file-name = { $path }: името „{ $name }“ { $why }
value-file-deep = { $path }: { $name } е вложено на повече от { $most } нива
hint-values = пишете NAME=VALUE или NAME=@FILE за съдържанието на файл

rows-format = форматът на редовете в { $path } не е известен
hint-rows-format = посочете файл, който завършва на .csv, .json, .yaml или .yml, или подайте --each-format
rows-unusable = { $count ->
    [one] { $path }: { $problems }
   *[other] { $path }: нито един ред не е подаден, защото има { $count } проблема
    { $problems }
}
hint-rows = CSV започва с имената на променливи; JSON и YAML съдържат списък от обекти
rows-syntax = не може да бъде прочетен: { $error }
rows-no-text = не е текст в UTF-8
rows-no-header = няма първи ред с имената на променливи
rows-no-list = трябва да е списък от обекти
rows-too-many = има повече от { $most } реда
rows-column = колона { $column }: името „{ $name }“ { $why }
rows-column-twice = колона { $column }: името „{ $name }“ го има два пъти
rows-further = { $count ->
    [one] и още един проблем
   *[other] и още { $count } проблема
}
row-name = ред { $row }: името „{ $name }“ { $why }
row-fields = ред { $row } (линия { $line }): има { $count ->
    [one] 1 поле
   *[other] { $count } полета
}, заглавният ред има { $columns }
row-encoding = ред { $row } (линия { $line }), колона „{ $column }“: не е текст в UTF-8
row-no-object = ред { $row }: трябва да е обект с имена и стойности
row-deep = ред { $row }, колона „{ $column }“: вложено е на повече от { $most } нива
columns-unknown = { $count ->
    [one] { $workflow } не познава една колона: { $problems }
   *[other] { $workflow } не познава { $count } колони
    { $problems }
}
column-unknown = { $name }: няма такава променлива
column-unknown-row = { $name }: няма такава променлива (първо в ред { $row })
hint-columns = махнете ги или ги преименувайте; процесът има { $known }
hint-no-columns = махнете ги; процесът няма променливи
rows-request-id = с --each опцията --request-id приема най-много { $most } знака: след нея идва номерът на реда
rows-go-on = след { $after } { $count ->
    [one] един ред няма приключило изпълнение; приетите изпълнения продължават
   *[other] { $count } реда нямат приключило изпълнение; приетите изпълнения продължават
}
hint-rows-go-on = вижте `rpa runs`; за да чакате отново, повторете командата с --request-id { $id }

check-failed = { $problems ->
    [one] { $problems } проблем
   *[other] { $problems } проблема
} в { $files ->
    [one] { $files } файл
   *[other] { $files } файла
}
check-failed-nothing-applied = { $problems ->
    [one] { $problems } проблем
   *[other] { $problems } проблема
} в { $files ->
    [one] { $files } файл
   *[other] { $files } файла
}; нищо не е приложено
check-failed-by-daemon = { $problems ->
    [one] { $problems } проблем
   *[other] { $problems } проблема
} в { $files ->
    [one] { $files } файл
   *[other] { $files } файла
} (според проверката на демона)
hint-check-again = поправете изброеното и проверете отново


## Конзолата

console-no-input = rpa-tui работи само в терминал, а стандартният вход не е такъв
console-no-output = rpa-tui работи само в терминал, а стандартният изход не е такъв
hint-console-scripts = за скриптове и конвейери има `rpa`, вижте `rpa --help`
terminal-failed = терминалът не може да се използва: { $error }
as-rpa-words = конзолата подава думите си на стандартния вход: { $error }
console-read-only = тази конзола не променя нищо: тя е само за четене
hint-console-read-only = изключете read_only в настройките (,) или я пуснете без --read-only
console-settings = { $problems }
console-settings-file = { $path }: { $error }
hint-console-settings = вижте rpa-tui(1)
hint-console-settings-file = поправете файла или посочете друг с --config или RPA_TUI_CONFIG
setting-syntax = { $place }: { $error }
setting-unknown = { $place }: няма настройка „{ $key }“; настройки: { $known }
setting-meant = { $place }: няма настройка „{ $key }“; имате предвид „{ $near }“? настройки: { $known }
setting-type = { $place }: { $key } не може да е { $type ->
    [string] низ
    [integer] цяло число
    [float] дробно число
    [boolean] булева стойност
    [datetime] дата
    [array] списък
    [table] таблица
   *[other] { $type }
}: напишете { $range }
setting-value = { $place }: { $key } не може да е „{ $text }“: напишете { $range }
console-keys = важат обичайните клавиши, защото в keys.toml има нещо, което не може да бъде: { $problems }
hint-console-keys = поправете го с помощта на `rpa-tui --keys`, който отпечатва такъв файл
keys-no-scope = { $place }: няма място „{ $word }“{ $near ->
    [none] {""}
   *[other] ; имате предвид „{ $near }“?
}; места: { $known }
keys-no-action = { $place }: там няма действие „{ $word }“{ $near ->
    [none] {""}
   *[other] ; имате предвид „{ $near }“?
}; действия: { $known }
keys-type = { $place }: клавишите са текст: напишете "x" или ["x", "F5"]
keys-no-key = { $place }: няма клавиш „{ $word }“: напишете знак или нещо като Ctrl-X, Alt-x, F5, Enter, Space, Shift-Up
keys-reserved = { $place }: { $key } принадлежи на терминала или на програмите около конзолата: изберете друг
keys-clash = { $place }: { $key } би означавал и { $action }, и { $other } в { $scope }: дайте на едното друг клавиш
hint-not-called = нищо не е направено; опитайте отново, когато демонът се върне
hint-maybe-started = изпълнението може да е започнало: вижте изпълненията, преди да го пуснете отново


## Грешки на стъпки и изпълнения, както са записани

error-exit = командата завърши с код { $code }
error-exit-line = командата завърши с код { $code }: { $line }
error-signal = командата беше прекратена от сигнал { $signal }
error-signal-line = командата беше прекратена от сигнал { $signal }: { $line }
error-ended = командата завърши по неизвестен начин
error-no-program = командата не може да бъде стартирана: няма програма { $program }
error-not-executable = командата не може да бъде стартирана: { $program } не е изпълним файл
error-command-large = командата не може да бъде стартирана: командният ред и средата са твърде големи заедно
error-spawn = командата не може да бъде стартирана: { $error }
error-timeout = времето изтече след { $after }
error-answered = отговорът на { $request } беше { $status }
error-answered-redirect = отговорът на { $request } беше { $status }; това пренасочване е в повече или води натам, където не се следва (заявка със заглавия или тяло остава при своя сървър)
error-connect = няма връзка с { $address }: { $error }
error-body-large = тялото е по-голямо от { $limit } байта; използвайте `save_to`
error-body-file = тялото не може да се запише във файла си: { $error }
error-no-client = не може да се създаде HTTP клиент: { $error }
error-read = { $path } не може да бъде прочетен: { $error }
error-write = { $path } не може да бъде записан: { $error }
error-with-type = with.{ $name }: очаква се { $expected }, а не { $got }
error-with-required = with.{ $name }: задължително е
error-with-one-of = with.{ $name }: трябва да е едно от { $words }
error-with-number = with.{ $name }: трябва да е цяло неотрицателно число
error-set-type = set.{ $name }: очаква се { $expected }, а е дадено { $got }
error-set-unfit = set.{ $name }: стойността не се приема: { $why }
word-below = е по-малко от { $bound }
word-above = е повече от { $bound }
word-few-characters = има по-малко от { $bound } знака
word-many-characters = има повече от { $bound } знака
word-few-items = има по-малко от { $bound } елемента
word-many-items = има повече от { $bound } елемента
error-no-task = този rpad няма вид задача „{ $kind }“
error-no-secret = тайната „{ $name }“ липсва
error-secret = тайната „{ $name }“ не може да бъде прочетена: { $error }
error-values-large = стойностите са твърде големи: { $error }
error-document = записан документ не може да се използва: { $error }
error-directory = работната директория не може да се използва: { $error }
error-input = записаният вход не може да бъде прочетен: { $error }
error-log = журналът на изпълнението не можа да се запише: { $error }
error-output = изходът не можа да се запише: { $error }
error-disk-full = не е започната: дискът с директорията на състоянието е пълен
error-drained = прекратена при спиране на демона, преди да приключи
error-resolved = обявена за неуспешна от { $who }
error-bug = грешка в rpad: { $detail }
error-run-timeout = времето на изпълнението изтече след { $after }
error-still-true = условието още е вярно след { $turns } завъртания
error-still-false = условието още не е вярно след { $turns } завъртания
error-still-true-once = условието още е вярно след { $turns } завъртане
error-still-false-once = условието още не е вярно след { $turns } завъртане
error-not-undone = беше отменена, преди да бъде върната назад
error-for-each = for_each обхожда списък или обект; тук има { $got }
error-for-each-many = for_each има { $count } елемента; позволени са най-много { $most }
error-moment = wait.until: „{ $text }“ не е момент с часова зона: { $error }
error-call-timeout = времето изтече след { $after }; извиканото изпълнение { $run } е отменено
error-call-cancelled = извиканото изпълнение { $run } беше отменено
error-call-depth = изпълненията се извикват едно друго на най-много { $most } нива
error-call-stored = променливите на извиканото изпълнение не можаха да се запишат: { $error }
error-call-taken = изходите на извиканото изпълнение не можаха да се вземат: { $error }
error-variables = променливите на { $workflow }: { $problems }
error-given-unknown = няма променлива { $name }
error-given-type = { $name }: очаква се { $expected }, а не { $got }
error-given-unfit = { $name }: стойността не се приема: { $why }
error-given-missing = { $name }: липсва
error-rejected = отхвърлено от { $who }
error-rejected-comment = отхвърлено от { $who }: { $comment }
error-rejected-votes = отхвърлено: одобренията за { $after } са { $count } от { $quorum }
error-approvals = одобренията за { $after } са { $count } от { $quorum }
error-no-approvers = approval.approvers: списъкът е празен и никой не би могъл да одобри
error-no-event = за { $after } не дойде подходящо събитие { $event }
error-no-pool = няма пул с жетони { $pool }: създайте го с `rpa locks set { $pool } SIZE`
error-few-tokens = поисканите жетони от { $pool } са { $count }, а общо има { $size }
error-lock-wait = ключалката { $lock } не се освободи за { $after }
error-lock-lease = срокът ѝ да държи { $locks } изтече след { $after }
error-lock-circle = щеше да чака { $lock } безкрайно: държи я изпълнение { $run }, стъпка { $step }, която чака тази стъпка
error-lock-empty = lock: името „{ $name }“ е празно
error-lock-long = lock: името „{ $name }“ е по-дълго от { $most } знака
error-lock-match = lock: името „{ $name }“ трябва да отговаря на { $pattern }
error-gate = едновременните изпълнения вече са { $active } при позволени { $limit }
error-gate-queue = едновременните изпълнения вече са { $active } при позволени { $limit }, а чакащите са { $waiting } и повече не може
error-gate-key = concurrency.key: ключът е { $bytes } байта; позволени са най-много { $most }
error-turn = завъртане { $index }: { $error }
error-turns = завъртане { $index }: { $error } (неуспешни са { $count } завъртания)
error-of-step = стъпка { $step }: { $error }
error-of-run = изпълнение { $run }: { $error }
error-of-run-step = изпълнение { $run }, стъпка { $step }: { $error }
error-other = { $title }: { $error }


## Какво отбелязва демонът в журнала на изпълнение

remark-skipped = пропусната: { $reason }
remark-failed = неуспешна: { $error } [{ $code }]
remark-retry = опит { $attempt } е неуспешен: { $error } [{ $code }]; следващ опит след { $pause }
remark-doubt = под въпрос: { $reason }; трябва да реши човек, вижте `rpa doubts`
remark-again = { $reason }; изпълнява се отново
remark-cancelled = отменена
remark-undone = отменя се стореното от нея

## Защо стъпките и демонът са в това състояние, както е записано и изпратено

reason-condition = условието ѝ не беше изпълнено
reason-needs = изисква { $step }, а тя е { $status ->
    [failed] неуспешна
    [skipped] пропусната
    [cancelled] отменена
   *[other] { $status }
}
reason-needs-failed = изисква { $step }, а тя е неуспешна
reason-needs-completed = изисква { $step }, а тя е завършила
reason-not-invoked = само ако { $step } е неуспешна, а тя не е
reason-timed-out = времето изтече след { $after }
reason-cancelled = прекратена при отмяна, докато се изпълняваше
reason-timed-out-around = прекратена, докато се изпълняваше: изтече времето на стъпката или изпълнението около нея
reason-time-is-out = времето ѝ изтече; каквото е вътре, още не е приключило или решено
reason-stopped = прекратена при спиране на демона, докато се изпълняваше
reason-shut-down = прекратена при спиране на демона
reason-not-begun = прекратена, преди да започне
reason-again = предстои да се изпълни отново
reason-runner = изпълнителят спря, докато тя се изпълняваше
reason-runner-before = изпълнителят спря, преди опитът да започне
reason-runner-processes = изпълнителят спря, докато тя се изпълняваше; процесите ѝ бяха прекратени
reason-runner-record = изпълнителят спря, докато тя се изпълняваше, а записът за нея не може да бъде прочетен: { $error }
reason-daemon = демонът спря, докато тя се изпълняваше
reason-daemon-before = демонът спря, преди опитът да започне
reason-daemon-processes = демонът спря, докато тя се изпълняваше; процесите ѝ бяха прекратени
reason-daemon-record = демонът спря, докато тя се изпълняваше, а записът за нея не може да бъде прочетен: { $error }
reason-machine = машината спря, докато тя се изпълняваше
reason-task-broke = задачата се срина: { $panic }
reason-exit-code = изходният код на командата не може да бъде прочетен: { $error }
reason-output = изходът на командата не може да бъде прочетен: { $error }
reason-group = групата процеси { $group } не можа да бъде прекратена дори със SIGKILL
reason-file = файлът още се записваше, когато стъпката беше прекратена
reason-request = заявката още се изпълняваше, когато стъпката беше прекратена
reason-no-answer = няма отговор от { $address }: { $error }
reason-no-answer-within = няма отговор от { $address } за { $time }
reason-body-broke = { $address } отговори с { $status }, но тялото прекъсна: { $error }
reason-body-late = { $address } отговори с { $status }, но тялото не приключи за { $after }
reason-not-seen = { $why }; краят ѝ остана невидян { $attempt } пъти
reason-waits-lock = чака { $lock }
reason-waits-event = чака събитие { $event }
reason-waits-approval = чака одобрение: { $message }
reason-called-asks = в изпълнението, което е извикала, се чака решение от хора
reason-called-doubts = в изпълнението, което е извикала, има стъпка под въпрос
reason-gate = чака да приключат други изпълнения на процеса
reason-gate-key = чака да приключат други изпълнения с ключ { $key }
reason-turned-away = не е допуснато: { $reason }
reason-output = изходът ѝ е пропуснат: отговорът би бил твърде голям
reason-disk-full = дискът е пълен: не се приема нова работа
reason-disk-low = дискът е почти пълен: не се приема нова работа


## Кодове

title-RPA0001 = грешка в самия rpad
hint-RPA0001 = съобщете за нея, като приложите журнала на демона

title-RPA0002 = командният ред не може да бъде разбран
hint-RPA0002 = вижте --help

title-RPA0003 = файл не може да бъде прочетен или записан
hint-RPA0003 = проверете пътя, правата и свободното място

title-RPA0101 = демонът не отговаря
hint-RPA0101 = пуснете го с `rpad` (или със `systemctl start rpad`, ако е инсталиран като услуга) или посочете сокета му с --socket или RPA_SOCKET

title-RPA0102 = клиентът и демонът използват различни протоколи
hint-RPA0102 = инсталирайте еднаква версия на rpa и rpad и рестартирайте демона

title-RPA0103 = не е позволено
hint-RPA0103 = поискайте да ви добавят в групата rpad

title-RPA0104 = опашката на демона е пълна
hint-RPA0104 = опитайте пак след малко

title-RPA0105 = няма отговор в срок
hint-RPA0105 = вижте `rpa status` и журнала на демона

title-RPA0106 = демонът спира
hint-RPA0106 = опитайте пак, когато се върне

title-RPA0107 = заявката е твърде голяма
hint-RPA0107 = подавайте големите данни като път до файл

title-RPA0108 = другата машина не може да бъде достигната
hint-RPA0108 = опитайте `ssh HOST rpa --version`; опциите за ssh се задават в RPA_SSH

title-RPA0201 = хранилището е повредено
hint-RPA0201 = преди всичко друго копирайте другаде директорията на състоянието

title-RPA0202 = хранилището е записано от по-нов rpad
hint-RPA0202 = пуснете по-новия rpad или върнете копието отпреди обновяването

title-RPA0203 = няма място за хранилището
hint-RPA0203 = освободете място; демонът продължава сам

title-RPA0204 = хранилището не може да бъде прочетено или записано
hint-RPA0204 = проверете диска и след това изпълнете `systemctl restart rpad`

title-RPA0205 = друг демон използва тази директория на състоянието
hint-RPA0205 = спрете другия или използвайте друга директория на състоянието

title-RPA0206 = директорията на състоянието не може да се използва
hint-RPA0206 = тя трябва да принадлежи на потребителя на демона, с права 0700

title-RPA0207 = настройките не са валидни
hint-RPA0207 = вижте rpad.toml(5)
title-RPA0225 = записите на изпълнение са повредени
hint-RPA0225 = върнете резервно копие или вижте какво е свършило изпълнението: rpa logs RUN

title-RPA0208 = изпълнителят не може да бъде пуснат или достигнат
hint-RPA0208 = вижте runner.log в директорията на състоянието; стъпките чакат изпълнител

title-RPA0209 = изпълнителят работи за друг демон
hint-RPA0209 = оставете го да свърши или го спрете със SIGTERM към посочения процес

title-RPA0301 = файл на работен процес не може да бъде прочетен
hint-RPA0301 = той трябва да съществува, да може да се чете и да е в UTF-8

title-RPA0302 = файлът не е валиден YAML
hint-RPA0302 = поправете посочения ред; вижте rpa-workflow(5)

title-RPA0303 = ключ, който работните процеси нямат
hint-RPA0303 = вижте ключовете в rpa-workflow(5)

title-RPA0304 = ключ, който тази версия още не поддържа
hint-RPA0304 = махнете го или използвайте версия, която го има

title-RPA0305 = стойност от грешен тип или извън границите
hint-RPA0305 = вижте типовете в rpa-workflow(5)

title-RPA0306 = име, което не може да се използва
hint-RPA0306 = използвайте малки латински букви, цифри и долна черта

title-RPA0307 = едно и също id е използвано два пъти
hint-RPA0307 = преименувайте едното

title-RPA0308 = стъпката трябва да има точно една форма
hint-RPA0308 = една от run, uses, set, steps, switch, workflow, wait, approval

title-RPA0309 = няма такъв вид задача
hint-RPA0309 = вижте `rpa tasks`

title-RPA0310 = препратка към стъпка, която може да не е приключила
hint-RPA0310 = посочете тази стъпка в `needs`

title-RPA0311 = стъпки или работни процеси, които се чакат взаимно
hint-RPA0311 = махнете едно звено от кръга

title-RPA0312 = израз, който не може да бъде прочетен
hint-RPA0312 = вижте EXPRESSIONS в rpa-workflow(5)

title-RPA0313 = препратка към нещо неопределено
hint-RPA0313 = проверете за правописна грешка; вижте EXPRESSIONS в rpa-workflow(5)

title-RPA0314 = израз в run:
hint-RPA0314 = подайте стойността чрез `env` и пишете "$NAME"

title-RPA0315 = файлът е твърде голям, твърде дълбок или се разгръща много
hint-RPA0315 = преместете данните и скриптовете в отделни файлове

title-RPA0316 = липсва нещо задължително
hint-RPA0316 = добавете го; вижте rpa-workflow(5)

title-RPA0317 = изписана тайна
hint-RPA0317 = запазете я като тайна и я посочвайте по име

title-RPA0318 = две стъпки може да записват една променлива едновременно
hint-RPA0318 = нека едната изчаква другата чрез `needs`

title-RPA0319 = стъпки, които започват заедно, може би неволно
hint-RPA0319 = пишете `needs: []` там, където е нарочно

title-RPA0320 = тайна, където не бива да стои
hint-RPA0320 = подайте я чрез `env`

title-RPA0321 = цикъл, който свършва при неуспешен опит, може би неволно
hint-RPA0321 = напишете `on_error: continue` на стъпката, която може да не успее

title-RPA0401 = команда завърши с грешка
hint-RPA0401 = вижте какво е извела с `rpa logs`

title-RPA0402 = стъпка продължи твърде дълго
hint-RPA0402 = вижте докъде е стигнала с `rpa logs` или увеличете нейния `timeout`

title-RPA0403 = команда не можа да бъде стартирана
hint-RPA0403 = има ли я програмата и намира ли се в PATH на демона?

title-RPA0404 = неуспешен израз
hint-RPA0404 = вижте стойностите с `rpa show RUN --json`

title-RPA0405 = израз поиска твърде много
hint-RPA0405 = оставете тежката работа на стъпка

title-RPA0406 = тайна липсва
hint-RPA0406 = сложете я в директорията с тайни на демона

title-RPA0407 = HTTP отговор, който се брои за неуспех
hint-RPA0407 = вижте отговора с `rpa show RUN --json`

title-RPA0408 = неуспешна връзка
hint-RPA0408 = пробвайте адреса от машината на демона

title-RPA0409 = задача не може да използва входа си
hint-RPA0409 = вижте `rpa tasks KIND`

title-RPA0410 = задача не успя да прочете или запише файл
hint-RPA0410 = задачата работи от името на потребителя на демона: проверете пътя и правата

title-RPA0411 = изпълнение спря, защото дискът е пълен
hint-RPA0411 = освободете място и пуснете процеса отново

title-RPA0412 = изходът на стъпка е твърде голям
hint-RPA0412 = запишете го във файл и подайте пътя

title-RPA0413 = никой не видя как приключи стъпка
hint-RPA0413 = проверете дали е извършена и изпълнете `rpa resolve`

title-RPA0414 = стъпка беше прекратена при спиране на демона
hint-RPA0414 = пуснете процеса отново

title-RPA0415 = изпълнение беше отменено
hint-RPA0415 = ако още е нужно, пуснете процеса отново с `rpa run`

title-RPA0416 = човек обяви стъпка за неуспешна
hint-RPA0416 = вижте кой я е обявил с `rpa show RUN`

title-RPA0417 = задача се срина
hint-RPA0417 = съобщете за това, като приложите журнала на демона
title-RPA0419 = цикъл се завъртя твърде много пъти
hint-RPA0419 = увеличете `max_iterations` или `count`; добавете пауза с `wait` в тялото или `every` на `repeat`
title-RPA0420 = изпълнение продължи твърде дълго
hint-RPA0420 = вижте къде е отишло времето с `rpa show` или увеличете `timeout` на процеса
title-RPA0421 = не е момент във времето
hint-RPA0421 = напишете например 2026-12-01T09:00[Europe/Sofia]
title-RPA0422 = няма какво да се обходи
hint-RPA0422 = `for_each` приема списък или обект

title-RPA0423 = работен процес, който не може да бъде извикан
hint-RPA0423 = вижте в какво състояние е с `rpa workflows --archived`

title-RPA0424 = изпълненията се извикват твърде дълбоко
hint-RPA0424 = нека процесът повтаря стъпките си с `while` или `for_each`

title-RPA0425 = изпълнение, извикано от стъпка, беше отменено
hint-RPA0425 = вижте кой го е отменил с `rpa show RUN`, после `rpa retry`

title-RPA0426 = искане за одобрение беше отхвърлено
hint-RPA0426 = вижте кой е отхвърлил и защо с `rpa show RUN`

title-RPA0427 = твърде малко хора одобриха навреме
hint-RPA0427 = повторете с `rpa retry RUN` и одобрете навреме

title-RPA0428 = поискани са повече жетони, отколкото има
hint-RPA0428 = вижте пуловете с `rpa locks`; `rpa locks set NAME SIZE` увеличава пул

title-RPA0429 = ключалка не се освободи навреме
hint-RPA0429 = вижте кой я държи с `rpa locks` или увеличете `wait` на ключалката

title-RPA0430 = стъпка държа ключалка твърде дълго
hint-RPA0430 = вижте докъде е стигнала с `rpa logs` или увеличете `lease` на ключалката

title-RPA0431 = стъпка би чакала сама себе си безкрайно
hint-RPA0431 = вижте кой какво държи с `rpa locks` и вземайте ключалките навсякъде в един ред

title-RPA0432 = твърде много едновременни изпълнения на един процес
hint-RPA0432 = изчакайте другите, вижте `rpa runs`, или увеличете `limit` на `concurrency`

title-RPA0433 = променливи, които извиканият процес не приема
hint-RPA0433 = поправете `with` на стъпката; вижте променливите с `rpa workflows --json`

title-RPA0501 = няма такъв работен процес
hint-RPA0501 = вижте `rpa workflows`

title-RPA0502 = няма такова изпълнение
hint-RPA0502 = вижте `rpa runs`

title-RPA0503 = id на няколко изпълнения завършва така
hint-RPA0503 = дайте по-голяма част от id

title-RPA0504 = липсва задължителна променлива
hint-RPA0504 = подайте я с --var NAME=VALUE

title-RPA0505 = променлива е непозната или от грешен тип
hint-RPA0505 = вижте променливите с `rpa workflows --json`

title-RPA0506 = стъпката не е под въпрос
hint-RPA0506 = вижте `rpa doubts`

title-RPA0507 = изпълнението вече е приключило
hint-RPA0507 = вижте как с `rpa show RUN`

title-RPA0508 = id на заявка вече е използвано за друго
hint-RPA0508 = махнете --request-id или изберете друго

title-RPA0509 = в изпълнението няма такава стъпка
hint-RPA0509 = вижте `rpa show RUN`

title-RPA0510 = курсорът не е от този списък
hint-RPA0510 = започнете отново без --cursor

title-RPA0511 = няма такъв код на грешка
hint-RPA0511 = вижте `rpa explain`

title-RPA0512 = няма такъв вид задача
hint-RPA0512 = вижте `rpa tasks`

title-RPA0513 = журналът на изпълнение не може да бъде прочетен
hint-RPA0513 = стъпките и изходите са в `rpa show RUN`
title-RPA0530 = изпълнението е на пауза
hint-RPA0530 = `rpa resume` го пуска да продължи
title-RPA0531 = изпълнението не е на пауза
hint-RPA0531 = вижте `rpa show`
title-RPA0532 = изпълнението не е приключило
hint-RPA0532 = изчакайте го или го прекратете с `rpa cancel`
title-RPA0533 = биха се повторили стъпки, които не бива
hint-RPA0533 = започнете след тях с `--from` или ги повторете с `--repeat-once`

title-RPA0534 = стъпката не чака одобрение
hint-RPA0534 = вижте какво чака одобрение с `rpa approvals`

title-RPA0535 = искането за одобрение вече е друго
hint-RPA0535 = прегледайте го отново с `rpa approvals` и тогава решете

title-RPA0536 = не е сред хората, които решават
hint-RPA0536 = вижте кой може да реши с `rpa approvals`

title-RPA0537 = никой не одобрява собственото си изпълнение
hint-RPA0537 = нека го одобри друг

title-RPA0538 = един човек одобрява веднъж
hint-RPA0538 = нека го одобри и друг

title-RPA0539 = пул, който се използва
hint-RPA0539 = вижте кой държи жетони от него и кой чака с `rpa locks`

title-RPA0540 = стъпката не държи тази ключалка
hint-RPA0540 = вижте кой я държи с `rpa locks`

title-RPA0541 = работни процеси, които се извикват в кръг
hint-RPA0541 = махнете едно от извикванията в кръга

title-RPA0543 = няма такъв тригер
hint-RPA0543 = вижте `rpa triggers`
title-RPA0544 = тригерът не е зареден
hint-RPA0544 = заредете го с `rpa triggers enable WORKFLOW TRIGGER`
title-RPA0545 = тригер, който не може да работи така
hint-RPA0545 = поправете тригера във файла на процеса или календара му в rpad.toml
title-RPA0546 = кръг от тригери
hint-RPA0546 = извадете едно `after` от кръга или го прекъснете с `match`
title-RPA0549 = процесът казва кой го пуска ръчно
hint-RPA0549 = помолете някого, който има право, или променете `manual` във файла
title-RPA0547 = папка, която не може да се следи както трябва
hint-RPA0547 = поправете папката или `directory` на тригера: демонът поглежда отново сам
title-RPA0542 = събитие, което не може да бъде публикувано
hint-RPA0542 = например `rpa event publish order.paid --data '{"{"}"id": 7{"}"}'`

title-RPA0514 = няма такава ревизия
hint-RPA0514 = вижте `rpa history NAME`

title-RPA0515 = още няма публикувана ревизия
hint-RPA0515 = публикувайте черновата с `rpa publish NAME`

title-RPA0516 = работният процес е изключен
hint-RPA0516 = включете го с `rpa enable NAME`

title-RPA0517 = работният процес е архивиран
hint-RPA0517 = върнете го с `rpa restore NAME`

title-RPA0518 = името е заето
hint-RPA0518 = изберете друго име; вижте `rpa workflows --archived`

title-RPA0519 = няма чернова за публикуване
hint-RPA0519 = посочете ревизия от `rpa history NAME`

title-RPA0520 = файлът не може да се преименува автоматично
hint-RPA0520 = променете ключа на ръка, после `rpa apply`

title-RPA0521 = файлът не е пакет, който може да се внесе
hint-RPA0521 = запишете го наново с `rpa export`
title-RPA0522 = междувременно е дошла друга ревизия
hint-RPA0522 = вижте какво е дошло с `rpa diff NAME OLD NEW` и приложете с `--base NEW`
