### Думите на конзолата на български. Същите съобщения стоят в en.ftl.

## Единици
unit-ms = мс
unit-s = с
unit-m = м
unit-h = ч
unit-d = д
unit-b = Б
unit-kb = кБ
unit-mb = МБ
unit-gb = ГБ
date-short = %d.%m %H:%M
countdown-now = сега

## Състояния: най-много 11 клетки
status-queued = в опашката
status-running = работи
status-waiting = чака
status-paused = на пауза
status-in_doubt = под въпрос
status-completed = завършено
status-failed = неуспешно
status-cancelled = отменено
status-pending = предстои
status-ready = готово
status-retrying = нов опит
status-skipped = пропуснато
status-armed = зареден
status-disabled = изключен
status-held = задържан
status-gone = няма го
status-broken = повреден
status-fired = пуснат
status-late = закъснял
status-caught_up = наваксан
status-backfilled = допълнен
status-by_hand = ръчно
status-started = пуснат
status-merged = слят
status-failing = отказва
status-suppressed = заглушен
status-refused = отказан
status-missed = изпуснат
runner-gone = няма изпълнител
runner-retiring = стар изпълнител
daemon-draining = спира
daemon-degraded = с проблем
daemon-held = ЗАДЪРЖАН след възстановяване

## Връзката
link-live = НА ЖИВО
link-connecting = свързване
link-away = НЯМА ВРЪЗКА
banner-away = няма демон от { $time }
banner-shown = показва се състоянието от { $moment }; междувременно нищо не може да се пуска или отменя
banner-retry = нов опит след { $pause }, Ctrl-R опитва веднага
banner-trying = опит за връзка
calls-open = { $count ->
    [one] 1 заявка
   *[other] { $count } заявки
 } без отговор
list-asking = чака се отговор от демона
list-unknown = неизвестно: с демона още няма връзка

## Подсказки
hints-more = още { $count }: ?
hint-do = изпълни
hint-choose = избор
hint-scroll = превърти
hint-whole = изпълнението
hint-step = стъпката
hint-close = затвори
hint-complete = допълни
hint-accept = приеми
hint-discard = както беше
hint-confirm = потвърди
hint-keep = остави
hint-start = пусни
hint-next-field = следващо поле
hint-read-on = чети нататък
hint-default = по подразбиране
key-yes = д

## Действия
act-help = помощ
act-help-help = клавишите на този екран
act-palette = команди
act-palette-help = намира команда, процес или изпълнение по написаното
act-back = назад
act-back-help = една стъпка назад: диалог, цял екран, панел, изпълнение, филтър; не напуска конзолата
act-quit = изход
act-quit-help = напуска конзолата; изпълненията продължават и без нея
act-workflows = процеси
act-workflows-help = списъкът на работните процеси
act-runs = изпълнения
act-runs-help = списъкът на изпълненията, най-новите отгоре
act-doubts = под въпрос
act-doubts-help = изпълнения със стъпка, за която никой не знае дали е извършена
act-approvals = одобрения
act-approvals-help = какво чака одобрение от хора
act-triggers = тригери
act-triggers-help = какво пуска процесите само и в какво състояние е
act-upcoming = предстоящи
act-upcoming-help = какво се пуска до едно денонощие от всички тригери
act-refetch = питай отново
act-refetch-help = пита демона за всичко на екрана; свързва се веднага, ако го няма
act-redraw = прерисувай
act-redraw-help = рисува целия екран отново
act-suspend = спри за малко
act-suspend-help = обратно в обвивката; fg връща конзолата
act-language = език
act-language-help = английски или български
act-glyphs = знаци
act-glyphs-help = знаци извън ASCII или само ASCII
act-keyboard = клавиатура
act-keyboard-help = на коя кирилска подредба се натискат командните клавиши
act-up = нагоре
act-up-help = един ред нагоре
act-down = надолу
act-down-help = един ред надолу
act-page-up = страница нагоре
act-page-up-help = една страница нагоре
act-page-down = страница надолу
act-page-down-help = една страница надолу
act-top = първи
act-top-help = към първия ред
act-bottom = последен
act-bottom-help = към последния ред; в журнал – следи края му
act-left = наляво
act-left-help = началото на дългите редове
act-right = надясно
act-right-help = останалото от дългите редове
act-open = отвори
act-open-help = отваря избраното; от стъпка, извикала изпълнение, от момент или доставка – него
act-filter = филтър
act-filter-help = показва само редовете с тези думи; за изпълнения и status: wf: since:
act-mark = отбележи
act-mark-help = отбелязва изпълнение за действие над няколко
act-invert = обърни отметките
act-invert-help = отбелязва неотбелязаните и обратно
act-run = пусни
act-run-help = пуска процеса: формуляр пита за променливите
act-runs-of = изпълненията му
act-runs-of-help = изпълненията на избрания процес или на процеса с тригера
act-cancel = отмени
act-cancel-help = прекратява изпълнението или отбелязаните; първо пита
act-pause = пауза
act-pause-help = нищо ново не започва в изпълнението или в отбелязаните; започнатите стъпки продължават
act-resume = продължи
act-resume-help = изпълнението на пауза или отбелязаните продължават
act-pause-trigger = пауза
act-pause-trigger-help = тригерът пропуска моментите си, докато не бъде продължен; пита защо
act-resume-trigger = продължи
act-resume-trigger-help = тригерът на пауза пуска отново, отсега нататък
act-on-off = вкл./изкл.
act-on-off-help = включва тригера или го изключва: тогава няма моменти; първо пита
act-fire = пусни сега
act-fire-help = пуска изпълнението на тригера сега, каквото и да чака; пита с какви данни
act-test = пробвай
act-test-help = какво би направил тригерът с дадени данни; не пуска нищо
act-backfill = допълни
act-backfill-help = пуска изпълнения за минали моменти, които нямат; първо ги показва
act-retry = повтори
act-retry-help = изпълнява отново неуспялото, като ново изпълнение, което пази останалото
act-rerun = повтори оттук
act-rerun-help = изпълнява отново от избраната стъпка нататък; формуляр пита за други стойности
act-earlier = откъде
act-earlier-help = отваря изпълнението, от което това е поело или което го е извикало; Esc връща обратно
act-log = журнал
act-log-help = журналът на изпълнението
act-pane = друг панел
act-pane-help = стъпки, журнал, данни; на тригер – минали или предстоящи моменти
act-why = защо
act-why-help = защо изпълнението или стъпката е така и какво е довело дотам
act-data = данни
act-data-help = входни и изходни данни, грешки
act-resolve = реши
act-resolve-help = посочва какво е станало със стъпка под въпрос; одобрява или отхвърля поисканото от стъпка
act-zoom = цял екран
act-zoom-help = само долният панел или и стъпките
act-unfold = разгъни
act-unfold-help = показва какво има в стъпката
act-fold = сгъни
act-fold-help = скрива какво има в стъпката; иначе отива на стъпката около нея
act-search = търси
act-search-help = намира текст в целия журнал
act-find-next = следващо
act-find-next-help = следващият ред с текста
act-find-previous = предишно
act-find-previous-help = предишният ред с текста
act-follow = следи
act-follow-help = най-новият ред остава на екрана или изгледът стои на място
act-wrap = пренасяй
act-wrap-help = дългите редове се пренасят или се отрязват
act-times = час
act-times-help = часът на всеки ред
act-all-steps = всички стъпки
act-all-steps-help = журналът на всички стъпки или на избраната

## Колони
col-name = ИМЕ
col-revision = РЕВ
col-steps = СТЪПКИ
col-last-run = ПОСЛЕДНО
col-when = КОГА
col-description = ОПИСАНИЕ
col-category = КАТЕГОРИЯ
col-run = ИЗПЪЛНЕНИЕ
col-workflow = ПРОЦЕС
col-status = СЪСТОЯНИЕ
col-step = СТЪПКА
col-done = ГОТОВО
col-took = ВРЕМЕ
col-started = НАЧАЛО
col-by = ОТ
col-via = ЧРЕЗ
col-kind = ВИД
col-attempts = ОПИТИ
col-note = БЕЛЕЖКА
col-have = ГЛАСОВЕ
col-since = ОТ
col-message = СЪОБЩЕНИЕ
col-trigger = ТРИГЕР
col-number = НОМЕР
col-what = КАКВО
col-next = СЛЕДВА
col-last = ПОСЛЕДНО
col-slot = МОМЕНТ
col-fate = СЪДБА
col-became = ИЗХОД
col-late = КЪСНО
col-outcome = ИЗПЪЛНЕНИЕ ИЛИ ПРИЧИНА
col-hour = ЧАС
col-at = В
col-in = СЛЕД
col-times = ПЪТИ

## Процеси
workflow-applied = ревизия { $revision } от { $who }, { $moment }
workflow-draft = чернова
workflow-disabled = изключен
workflow-archived = архивиран
workflow-standing = { $word } от { $who }, { $moment }
workflow-tags = етикети: { $tags }
workflow-category = категория: { $category }
workflow-variables = променливи: { $list }
workflow-more-steps = { $count ->
    [one] и още 1 стъпка
   *[other] и още { $count } стъпки
 }
workflows-none =
    Още няма работни процеси.

    Процесът е файл във формат YAML. В обвивката:
      rpa check ФАЙЛ.yaml    намира всичките му грешки
      rpa apply ФАЙЛ.yaml    дава го на демона

    Тук се появява сам.
workflows-no-match = Няма процес с всичко от: { $filter }. Esc показва всички.

## Изпълнения
runs-none =
    В това пространство още нищо не е изпълнявано.

    Натиснете 1 за процесите, изберете един и натиснете R.
runs-no-match = Няма изпълнение за { $filter }. Esc показва всички.
runs-marked = { $count ->
    [one] 1 отбелязано
   *[other] { $count } отбелязани
 }
runs-older = по-старите: с филтър
run-accepted = прието { $moment } от { $who } ({ $via }), ревизия { $revision }
run-by = от { $who } ({ $via }) { $moment }
run-needs-decision = никой не знае как е приключила { $step }: отворете изпълнението и натиснете d
run-needs-approval = чака се одобрение от хора: натиснете 4 или отворете изпълнението и натиснете d
run-called = извикано е от друго изпълнение: отворете го и E води там
run-called-by = извикано от { $run }, стъпка { $step }
run-late-start = не започна навреме
run-late-finish = не приключи навреме
run-asks = чака одобрение: натиснете d
run-asks-called = чака се решение в извикано: Enter
run-restored = задържано след възстановяване: rpa resume --restored
runs-asks = пита
runs-late = късно
runs-held = задържано
run-asked = поискано е изпълнение на { $name }
run-started = прието е изпълнение { $run } на { $name }
run-cancelled = изпълнение { $run }: { $status }
run-paused = { $run } е на пауза: започнатото продължава
run-resumed = изпълнение { $run } продължава
run-again-of = повторение на { $run }
run-held = срокът не тече, остават { $left }
step-due = след { $pause }
step-asks = пита { $have }/{ $quorum }
step-called = изпълнение { $run }
step-holds = държи { $locks }
steps-resolved = решени: { $count } в { $step }
step-resolved = решено: { $step }
turns-done = { $done } от { $total } готови
turns-at = обиколка { $turn } от най-много { $most }
turns-all = { $count ->
    [one] 1 обиколка
   *[other] { $number } обиколки
 }
turns-open = { $number } в ход
turns-failed = { $number } неуспешни
turns-more = още { $number }
back-at-root = q напуска конзолата
filter-bad-age = since: иска възраст като 90s, 2h или 7d, а не { $text }
filter-bad-status = { $text } не е състояние: { $known }
prompt-filter = филтър
prompt-search = търси
prompt-runs-syntax = думи, status:failed wf:ИМЕ since:2h

## Едно изпълнение
pane-log = Журнал
pane-data = Данни
log-all-steps = всички стъпки
log-follow = СЛЕДИ
log-below = { $count } по-долу
log-lines = { $count } реда
log-lines-of-all = { $count } реда на всички стъпки
log-looking = редовете ѝ се търсят
log-empty = изпълнението приключи, без да изведе нито ред
log-nothing-yet = още нищо не е изведено
search-seeking = { $percent } %
search-hit = ред { $line }
search-none-after = надолу няма; n започва отначало
search-none-before = нагоре няма; N започва от края
data-run-error = Защо изпълнението е неуспешно
data-step = Стъпка { $step }
data-effect = { $kind }, клас на действие { $effect }
data-needs = след { $steps }
data-output = изход
data-no-output = няма изход
data-inputs = Входни данни
data-outputs = Изходни данни
data-variables = Променливите сега
data-run = Изпълнение
data-id = номер (id)
data-workflow = процес
data-revision = ревизия
data-actor = от
data-origin = чрез
data-log-file = журнал
data-held = срокът му не тече, докато не се реши въпросът; остават { $left }
data-none = няма
why-title = Защо изпълнение { $run } е така
why-title-step = Защо { $step } от изпълнение { $run } е така
why-more = останалото: { $command } --limit 1000
data-cut = останалото: rpa show RUN --json
fault-hint = съвет: { $hint }

## Тригери
triggers-none =
    Тук още никой процес няма тригери.

    Тригерът се пише във файла на процеса, под triggers: вижте rpa-workflow(5).
    За времената на израз на cron, в обвивката:
      rpa schedule preview --cron '0 7 * * MON-FRI' --timezone Europe/Sofia

    Щом файлът бъде даден на демона, тригерът се появява сам.
triggers-no-match = Няма тригер с всичко от: { $filter }. Esc показва всички.
kind-schedule = график
kind-webhook = уеб заявка
kind-file_watch = файлове
kind-event = събитие
kind-after = след друго
kind-manual = на ръка
trouble-failing = { $count ->
    [one] 1 отказва
   *[other] { $count } отказват
}
trouble-broken = { $count ->
    [one] 1 повреден
   *[other] { $count } повредени
 }
trouble-paused = { $count ->
    [one] 1 спрян от демона
   *[other] { $count } спрени от демона
 }
trouble-refused = { $count ->
    [one] 1 с отказ
   *[other] { $count } с отказ
 }
trouble-missed = { $count ->
    [one] 1 изпуснал
   *[other] { $count } изпуснали
 }
trigger-no-what = никоя действаща ревизия не го съдържа
trigger-next = следва { $moment }
trigger-next-due = следва { $moment }, пуска се в { $due }
trigger-last = последно { $moment } { $fate }
trigger-open = { $count ->
    [one] 1 негово изпълнение още върви
   *[other] { $count } негови изпълнения още вървят
 }
trigger-waiting = { $count ->
    [one] 1 момент чака
   *[other] { $count } момента чакат
 }
trigger-holds = { $count ->
    [one] 1 доставка е задържана
   *[other] { $count } доставки са задържани
}
trigger-missed = { $count ->
    [one] 1 момент е изпуснат или отказан до едно денонощие
   *[other] { $count } момента са изпуснати или отказани до едно денонощие
}
trigger-refused = { $count ->
    [one] на 1 доставка е отказано изпълнение до едно денонощие
   *[other] на { $count } доставки е отказано изпълнение до едно денонощие
}
trigger-tries = от { $since }, опити: { $count }; нов опит: { $left }
trigger-tried = от { $since }, опити: { $count }; опитва пак, щом нещо дойде
trigger-rejected = върнати: { $count }, последно { $moment }: { $reason }
trigger-failures = { $count ->
    [one] последното му изпълнение е неуспешно
   *[other] последните му { $count } изпълнения са неуспешни
 }
trigger-mend = с { $key } пуска отново: { $command }
trigger-mend-file = поправете го във файла на процеса, после: rpa apply ФАЙЛ
trigger-mend-gone = за да го има пак, впишете го във файла: rpa apply ФАЙЛ
trigger-stands = { $name }: { $status }
trigger-none-meant = няма избран тригер или той още не е известен
trigger-asked = { $name }: поискано от демона
pane-slots = Минали моменти
pane-deliveries = Доставено
pane-coming = Предстоящи
slot-no-run = този момент няма изпълнение: { $reason }
delivery-no-run = доставеното няма изпълнение: { $reason }
slot-run = изпълнението му е { $run }: Enter го отваря
slot-decided = решено { $moment }
slots-none = Още не е имал моменти.
deliveries-none = Още нищо не е стигнало до него.
coming-none = Няма предстоящи моменти.
coming-passed = прескача се: { $reason }
coming-due = пуска се в { $due }
upcoming-none = До едно денонощие нищо не се пуска. Състоянието на тригерите: 5.
upcoming-times = { $count }, до { $last }
order-pause = Пауза на { $name }
order-pause-consequence = Пропуска моментите си, докато някой не го продължи. Пуснатото от него върви нататък.
order-disable = Изключване на { $name }
order-disable-consequence = Вече няма моменти, и в следващите ревизии, докато някой не го включи. Пуснатото от него върви нататък.
order-note = защо
order-note-wanted = за тези, които ще се чудят защо нищо не се пуска
order-note-may = за тези, които ще се чудят; може да остане празно
order-note-missing = кажете защо: някой ще се чуди защо нищо не се пуска
fire-title = Пускане на { $name } сега
fire-test-title = Проба на { $name }
fire-data = данни като JSON
fire-about = Изпълнението му тръгва сега: не се пита за if и нищо не го задържа. „Пробвай“ първо показва какво ще стане.
fire-test-about = Нищо не се пуска: „Пробвай“ показва какво би станало с тези данни.
fire-test = Пробвай
fire-start = Пусни сега
fire-would = Би тръгнало изпълнение.
fire-would-not = Само не би тръгнало изпълнение.
fire-stands = Но сега състоянието му е „{ $status }“: сам не пуска нищо.
fire-variables = променливите на изпълнението му:
fire-no-variables = Не дава променливи на изпълнението си.
fire-facts = какво четат изразите му:
backfill-title = Изпълнения за моменти на { $name }
backfill-zone = времена на { $zone } или с отместване
backfill-from = от
backfill-to = до преди
backfill-about = Моментите от това време без изпълнение получават свое. Нищо не се пуска, преди да сте видели кои са те.
backfill-bad-moment = пишете го като 2026-11-20, 2026-11-20T03:30 или 2026-11-20T03:30+02:00
backfill-no-schedule = { $name } няма времена: само за вписан график се знае кои моменти са без изпълнение
backfill-none = Няма момент от това време без изпълнение.
backfill-would = { $count ->
    [one] За момента по-горе би се пуснало 1 изпълнение.
   *[other] За моментите по-горе биха се пуснали { $count } изпълнения, едно след друго.
 }
backfill-had = { $count ->
    [one] 1 момент вече има.
   *[other] { $count } момента вече имат.
 }
backfill-forgotten = { $count ->
    [one] 1 момент е по-стар от всичко, което се помни, и не получава.
   *[other] { $count } момента са по-стари от всичко, което се помни, и не получават.
 }
backfill-to-come = { $count ->
    [one] 1 момент предстои сам.
   *[other] { $count } момента предстоят сами.
 }
backfill-show = Покажи моментите
backfill-start = { $count ->
    [one] Пусни 1 изпълнение
   *[other] Пусни { $count } изпълнения
 }
backfill-started = { $count ->
    [one] поискано е 1 изпълнение
   *[other] поискани са { $count } изпълнения
 }

## Отмяна
cancel-title = { $count ->
    [one] Отмяна на изпълнението?
   *[other] Отмяна на { $count } изпълнения?
 }
cancel-more = и още { $count }
cancel-consequence = Работещите стъпки получават SIGTERM, а ако не приключат – SIGKILL. Каквото вече са направили, остава направено.
cancel-type = Напишете { $count } за потвърждение:
cancel-keep = Остави
cancel-do = Отмени
cancel-nothing = тук няма какво да се отмени: приключило е
cancel-asked = { $count ->
    [one] поискана е отмяна на 1 изпълнение
   *[other] поискана е отмяна на { $count } изпълнения
 }

## Пауза
pause-nothing = тук няма какво да се спре: приключило е или е на пауза
pause-asked = { $count ->
    [one] поискана е пауза на 1 изпълнение
   *[other] поискана е пауза на { $count } изпълнения
 }
resume-nothing = тук няма какво да продължи
resume-asked = { $count ->
    [one] поискано е продължаване на 1 изпълнение
   *[other] поискано е продължаване на { $count } изпълнения
 }

## Повторение
again-not-ended = не е приключило: първо го отменете (x), после може да се повтори
again-in-doubt = има стъпка под въпрос: първо решете за нея (d) или отменете (x)
again-one = повтаря се едно наведнъж: махнете другите отметки (Space)
again-asked = поискано е повторение на { $run }
again-started = { $run } поема от { $before }; E отваря него
retry-completed = завършило е: b повтаря от стъпка, R пуска ново
rerun-select = изберете от коя стъпка да започне и пак натиснете b
rerun-inside = започва се само от стъпка на самия процес: изберете { $step }
rerun-handler = това се прави в края на изпълнението: изберете стъпка на самия процес
earlier-none = това изпълнение не е поело от друго и никое не го е извикало
repeat-title = Да се изпълнят ли отново?
repeat-consequence = Каквото прави такава стъпка, не бива да стане два пъти, а тези може да са го направили: плащане, писмо. При повторение го правят още веднъж.
repeat-keep = Остави
repeat-do = Изпълни ги отново

## Решение
resolve-title = Стъпка { $step } е под въпрос
resolve-why = Връзката с нея беше загубена; никой не видя как е приключила.
resolve-find-out = Класът ѝ на действие е { $effect }: повторена наслуки, тя може да бъде извършена два пъти. Разберете дали е извършена и го посочете.
resolve-done = извършена е: продължи нататък
resolve-retry = не е извършена: изпълни я отново, със същия ключ
resolve-fail = брои се за неуспешна
resolve-all = всички { $count } под въпрос в { $of } еднакво
resolve-outputs = изход, име=стойност
resolve-choose = изберете едно от трите
resolve-bad-output = { $text }: пише се име=стойност
resolve-nothing = няма стъпка под въпрос или такава, която чака одобрение
resolve-in-called = чака се човек в изпълнение, което стъпка е извикала: Enter на нея
resolve-asked = решението за { $step } е изпратено
## Одобряване
asked-none = Тук нищо не чака одобрение от хора.
asked-more = първите { $count }; rpa approvals изброява всички
vote-title = Стъпка { $step } чака одобрение, { $have } от { $quorum }
vote-shown = Одобрява се точно това
vote-voters = Кой може
vote-everybody = всеки
vote-but = { $who }, но не { $starter }, който пусна изпълнението
vote-have = Одобрили: { $have } от { $quorum }
vote-asked = Поискано
vote-since = { $moment }, в изпълнение на { $workflow }, пуснато от { $who }
vote-due = до { $moment }
vote-digest = отпечатък { $digest }
vote-above = още { $count } горе: PgUp
vote-below = още { $count } долу: PgDn
vote-comment = бележка
vote-counts = Думата ви важи само за това, което стои тук.
vote-changed = Вече се иска друго. Ето го: прочетете го отново и тогава решете.
vote-gone = Това вече не се иска: решили са други или изпълнението е приключило.
vote-approve = Одобри
vote-reject = Отхвърли
vote-close = Затвори
vote-sent = решението за { $step } е изпратено
vote-approved = { $step }: одобрено
vote-rejected = { $step }: отхвърлено
vote-missing = { $count ->
    [one] { $step }: одобрено, трябва да одобри още 1 човек
   *[other] { $step }: одобрено, трябва да одобрят още { $count } души
 }

## Формулярът
form-title = Пускане на { $name }, ревизия { $revision }
form-title-again = Повторение на { $run } от { $step }
form-start = Пусни
form-again = Повтори
form-default = { $value } (по подразбиране)
form-not-given = не е зададено
form-as-it-was = както беше:
form-revision = ревизия
form-pinned = { $revision }, на изпълнението
form-newest = { $revision }, публикуваната
form-space = Space го сменя
form-required = това поле е задължително
form-number = число, например 80 или 0.5
form-boolean = true или false
form-list = списък в JSON, например ["a", "b"]
form-json = документ в JSON
form-secret = име на тайна (a-z, 0-9, _), никога самата тя
form-about-string = текст
form-about-number = число
form-about-boolean = true или false
form-about-list = списък в JSON, например ["a", "b"]
form-about-json = документ в JSON
form-about-secret = името на тайна; стойността ѝ остава при демона
form-about-revision = Space избира; с публикуваната и променените стъпки се изпълняват
form-no-fields = Този процес няма променливи.
form-ready = Enter пуска изпълнението.
form-no-workflow = процесът { $name } не е познат тук

## Команди, помощ, настройки
palette-title = Команди
palette-nothing = нищо не се казва така
palette-run = пуска { $name }
palette-runs-of = изпълненията на { $name }
palette-deliveries = доставеното на тригера { $name }
palette-slots = моментите на тригера { $name }
palette-show = отваря изпълнение { $run }
palette-keyboard = клавиатурата, на която се пишат командите
palette-glyphs = кои знаци се рисуват
help-title = Клавиши: { $screen }
help-filter = филтър:
help-nothing = няма клавиш с такова описание
scope-everywhere = навсякъде
scope-moving = движение
scope-workflows = процеси
scope-runs = изпълнения
scope-triggers = тригери
scope-upcoming = предстоящи
scope-trigger = тригер
scope-run = изпълнение
scope-log = журнал
scope-data = данни
language-set = език: { $name }
keyboard-set = клавиатура: { $name }
glyphs-set = знаци: { $name }
keyboard-title = Каква е тази клавиатура?
keyboard-why = Натисната е кирилска буква там, където се очаква команда. Командите са там, където са на латинската клавиатура; посочете коя подредба е вашата. Esc оставя всичко, както е; всичко може и със стрелките, Enter, Tab и F-клавишите.
keyboard-us = латинска: буквите са това, което са
keyboard-bg-bds = БДС
keyboard-bg-phonetic = традиционна фонетична
keyboard-bg-bas-phonetic = фонетична на БАН
cannot-suspend = няма обвивка, към която да се върнете
not-saved = зададено е, но не е запазено: { $why }
