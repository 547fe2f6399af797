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
link-frozen = ЗАМРАЗЕНО
frozen = екранът стои неподвижен до F7 или докато погледнете нещо друго
thawed = отново на живо
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
act-back-help = една стъпка назад: диалог, текст, цял екран, панел, изпълнение, процес, филтър; не напуска конзолата
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
act-freeze = замрази
act-freeze-help = оставя екрана, както е, докато четете, и после продължава
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
act-open-help = отваря избраното; от стъпка, извикала изпълнение, от момент или доставка – него; от кутия – каквото е вътре
act-group = групирай
act-group-help = неуспешните изпълнения, по един ред за всички еднакви неуспехи; или пак изпълненията
act-filter = филтър
act-filter-help = показва само редовете с тези думи; за изпълнения и условия като status:failed, Tab довършва
act-mark = отбележи
act-mark-help = отбелязва изпълнение за действие над няколко; ревизия – за сравнение с нея
act-invert = обърни отметките
act-invert-help = отбелязва неотбелязаните и обратно
act-run = пусни
act-run-help = пуска процеса: формуляр пита за променливите
act-runs-of = изпълненията му
act-runs-of-help = изпълненията на избрания процес или на процеса с тригера
act-edit = редактирай
act-edit-help = редактира най-новата ревизия стъпка по стъпка; преди да се приложи, се проверява и се пита
act-new = нов
act-new-help = започва нов процес от образец, в редактора
act-edit-text = като текст
act-edit-text-help = същото като текст в $EDITOR: най-новата ревизия, черновата или поле от нея
act-add = добави след
act-add-help = добавя стъпка след избраната
act-add-beside = добави клон
act-add-beside-help = добавя стъпка до избраната, като отделен клон
act-link = свържи
act-link-help = избраната стъпка да е след друга
act-unlink = развържи
act-unlink-help = избраната стъпка вече да не е след друга
act-move = премести
act-move-help = мести избраната стъпка, с всичко в нея, на друго място
act-delete = изтрий
act-delete-help = изтрива избраната стъпка; казва се какво следва
act-undo = отмени
act-undo-help = връща последната промяна назад
act-redo = направи пак
act-redo-help = прави отново промяната, която беше върната
act-check = следващ проблем
act-check-help = към следващия проблем, който проверката намира
act-save = запази
act-save-help = проверява черновата и показва какво би променила, преди да стане ревизия
act-change = промени
act-change-help = дава друга стойност на избраното поле
act-other-value = друга стойност
act-other-value-help = следващата стойност на поле с малко възможности
act-clear = махни
act-clear-help = маха стойността на полето: важи пак това, което важи без нея
act-graph = ленти/граф
act-graph-help = стъпките като ленти или като кутии с линии между тях
act-scale = размер
act-scale-help = в кутиите само имената или и какво е стъпката
act-go-up = нагоре
act-go-up-help = към кутията, след която е тази
act-go-down = надолу
act-go-down-help = към кутия, която е след тази
act-go-left = наляво
act-go-left-help = към кутията отляво
act-go-right = надясно
act-go-right-help = към кутията отдясно
act-pan-up = картината нагоре
act-pan-up-help = каквото е отгоре
act-pan-down = картината надолу
act-pan-down-help = каквото е отдолу
act-pan-left = картината наляво
act-pan-left-help = каквото е наляво
act-pan-right = картината надясно
act-pan-right-help = каквото е надясно
act-diff = разлика
act-diff-help = каква е разликата между тази ревизия и отбелязаната, иначе действащата
act-publish = да действа
act-publish-help = новите изпълнения стават по тази ревизия; първо пита
act-rollback = върни
act-rollback-help = прави нова действаща ревизия с текста на тази; първо пита
act-pager = за четене
act-pager-help = този текст в $PAGER
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
act-pane-help = стъпки, журнал, данни, време, събития; на тригер – минали или предстоящи моменти; на процес – стъпки, тригери, ревизии
act-why = защо
act-why-help = защо изпълнението или стъпката е така и какво е довело дотам
act-data = данни
act-data-help = входни и изходни данни, грешки
act-timeline = време
act-timeline-help = по една лента за стъпка: кога е започнала, работила, чакала, повторена
act-closer = по-близо
act-closer-help = по-малко време на същата ширина, около избраната стъпка
act-wider = по-далеч
act-wider-help = повече време на същата ширина
act-events = събития
act-events-help = какво се е случило с изпълнението, поред, и кой го е направил
act-resolve = реши
act-resolve-help = посочва какво е станало със стъпка под въпрос; одобрява или отхвърля поисканото от стъпка
act-zoom = цял екран
act-zoom-help = само долният панел или и стъпките; на процес – само избраният панел
act-unfold = разгъни
act-unfold-help = показва какво има в стъпката
act-fold = сгъни
act-fold-help = скрива какво има в стъпката; иначе отива на стъпката около нея
act-search = търси
act-search-help = намира текст в целия журнал, в изходния текст или в разлика
act-find-next = следващо
act-find-next-help = следващият ред с текста
act-find-previous = предишно
act-find-previous-help = предишният ред с текста
act-next-trouble = следваща беда
act-next-trouble-help = следващият ред на stderr, предупреждение или грешка
act-previous-trouble = предишна беда
act-previous-trouble-help = предишният ред на stderr, предупреждение или грешка
act-save-log = запиши
act-save-log-help = целият показан журнал, във файл
act-follow = следи
act-follow-help = най-новият ред остава на екрана или изгледът стои на място
act-only-troubles = само бедите
act-only-troubles-help = само редовете на stderr, предупрежденията и грешките или пак всички
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
col-after = СЛЕД
col-from = ОТ КЪДЕ
col-attempts = ОПИТИ
col-note = БЕЛЕЖКА
col-have = ГЛАСОВЕ
col-since = ОТ
col-message = СЪОБЩЕНИЕ
col-trigger = ТРИГЕР
col-number = НОМЕР
col-what = КАКВО
col-count = БРОЙ
col-why = ЗАЩО
col-newest = ПОСЛЕДНО
col-span = ПЕРИОД
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
workflow-unsaved = още незаписан
workflow-draft-of-yours = * вашата чернова от { $moment } не е записана: e я продължава
workflow-unsaved-new = нов ваш процес от { $moment }, още незаписан
workflow-unsaved-about = Enter го продължава. Преди да го приложите, демонът не знае нищо за него.
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

## Един процес
unfold-nothing = тук нищо не е скрито
workflow-live = действа
workflow-draft-waits = чернова { $revision } чака
workflow-priority = предимство { $word }
workflow-at-once = { $count ->
    [one] 1 изпълнение наведнъж
   *[other] { $count } изпълнения наведнъж
 }
workflow-last-runs = последни
workflow-no-runs = още няма
workflow-next = следва { $trigger } { $moment }
workflow-no-triggers = Няма тригери: започва се на ръка или от други процеси.
workflow-unread = Тази версия не може да прочете файла, затова стъпките не се виждат. Ред { $line }: { $why }. Текстът е в „Ревизии“.
pane-step = Стъпка
pane-triggers = Тригери
pane-revisions = Ревизии
kind-of-handler = обработчик
kind-of-case = случай
handler-success = Изпълнява се, когато всички стъпки са свършили и нито една не се е провалила.
handler-failure = Изпълнява се, когато стъпка се е провалила, след края на всички останали.
handler-cancel = Изпълнява се, когато изпълнението е било отменено.
handler-finally = Изпълнява се накрая във всички случаи, след другите обработчици.
case-about = Изпълнява се, когато стойността на превключвателя е { $value }.
effect-once = не бива да стане два пъти: след срив решава човек
effect-unknown = никой не е казал може ли да стане два пъти: след срив решава човек
fact-if = ако { $condition }
fact-retry = { $count ->
    [one] 1 опит
   *[other] { $count } опита
 }
fact-timeout = най-много { $time }
fact-continue = при провал се продължава
fact-fallback = при провал { $step }
fact-undone = { $count ->
    [one] отменя се с 1 стъпка
   *[other] отменя се с { $count } стъпки
 }
fact-lock = държи ключалка
fact-tokens = { $count } от запас { $pool }
fact-parallel = { $count } наведнъж
fact-turns = { $count ->
    [one] най-много 1 път
   *[other] най-много { $count } пъти
 }
fact-until = докато стане { $condition }
fact-while = докато е { $condition }
fact-wait = за { $time }
fact-wait-until = до даден момент
fact-event = събитие { $name }
fact-calls = вика { $name }
fact-approvals = { $count ->
    [one] одобрява 1 човек
   *[other] одобряват { $count } души
 }
graph-too-many = { $count } стъпки са твърде много кутии (най-много { $most }); лентите ги показват всички
graph-nothing = Тук няма стъпки.
revision-was-live = е действала
revision-of = { $revision }, върната
revision-clone = от { $name } { $revision }
revision-import = внасяне
revision-is-live = ревизия { $revision } вече действа
revision-published = { $name }: действа ревизия { $revision }
revision-rolled-back = { $name }: действа ревизия { $revision } с текста на { $from }
revision-refused = ревизия { $revision } вече не е валидна: { $why }
publish-title = Да действа ли ревизия { $revision } на { $name }?
publish-consequence = Новите изпълнения ще са по ревизия { $revision }. Тези, които вървят, запазват своята. Номерът остава.
publish-do = Да действа
rollback-title = Да се върне ли ревизия { $revision } на { $name }?
rollback-consequence = Прави се нова ревизия с текста на { $revision } и тя действа веднага: историята показва и двете. Изпълненията, които вървят, запазват своята.
rollback-do = Да се върне
revise-live = Сега действа ревизия { $live }.
revise-none-live = Сега не действа никоя ревизия.
revise-keep = Да остане
diff-same = ревизии { $from } и { $to } са с един и същ текст
diff-nothing = няма друга ревизия за сравнение
text-source = { $name }, ревизия { $revision }
text-diff = { $name }: от ревизия { $from } до { $to }
search-nowhere = никъде

## Визуалният редактор
editor-title = чернова
editor-of = на ревизия { $revision }
editor-of-new = на нов процес
editor-overtaken = ревизия { $newest } е по-нова
editor-unchanged = непроменена
editor-changed = променена
editor-no-problems = Няма проблеми.
editor-line = ред { $line }
editor-written = Както е написано
editor-unread = Текстът не се чете като YAML и затова стъпките му не се показват. E го отваря като текст.
editor-no-steps = Няма стъпки. a добавя стъпка.
form-of-heading = Не е отделна стъпка: стъпките ѝ са отдолу. a добавя една към тях.
form-keys = Enter попълва, Esc връща към стъпките
choose-kind = Какво да е след { $step }?
choose-kind-beside = Какво да е до { $step }?
choose-kind-first = Коя е първата стъпка?
choose-kind-in = Какво да е накрая в { $case } или до него?
choose-case-about = Още една стойност на този избор, със свои стъпки.
choose-default-about = Стъпки за случая, когато никоя стойност не съвпада.
choose-link = След какво да е { $step }?
choose-unlink = След какво { $step } вече да не е?
choose-place = Къде да е { $step }?
choose-value = Коя стойност?
type-id = Идентификатор на новата стъпка ({ $kind }): a-z, 0-9 и _
type-case = Стойността на новия случай
place-first = съвсем в началото
place-after = след { $step }
place-before = преди { $step }
place-into = в { $step }
place-undo = за отмяна на { $step }
place-undo-about = Изпълнява се, ако изпълнението се провали, след като стъпката е завършила.
link-nothing = тук няма друга стъпка, след която да е
unlink-nothing = не е след никоя стъпка
move-nowhere = няма къде другаде да отиде
heading-stays = това е заглавие: то си остава на мястото
undo-nothing = няма какво да се върне
redo-nothing = няма какво да се направи отново
remove-title = Да се изтрие ли стъпка { $step }?
remove-needed = Тези са след нея и ще бъдат след това, след което е тя: { $steps }.
remove-free = Никоя стъпка не е след нея.
remove-keep = Остави я
remove-do = Изтрий
remove-list = Да се изтрие ли { $list } с всичките си стъпки?
remove-list-about = Никъде другаде не се споменават.
remove-refused = { $step } не може да се изтрие
remove-close = Затвори
removed = { $step } е изтрита; u я връща
step-added = { $step } е добавена: Enter попълва полетата ѝ, Esc връща към стъпките
case-added = случаят е добавен със стъпка, която не прави нищо: a добавя други
field-missing = липсва
field-shared = тази стойност се повтаря другаде с псевдоним (*): E при стъпките отваря целия текст
field-odd = тази стойност има знаци, които не могат да се покажат: E я отваря в $EDITOR
field-id-stays = стъпката има идентификатор: Enter ѝ дава друг
field-refused = не е прието: { $why }; файлът е { $path }
typing-leave = Написаното още не е прието.
typing-go-on = Пиши нататък
typing-take-over = Приеми го (F8)
typing-drop = Откажи се от него
field-expressions = може и { "{{ }}" }
field-kind-id = Идентификаторът: a-z, 0-9 и _
field-kind-text = Текст
field-kind-lines = Текст, може и на няколко реда
field-kind-number = Число
field-kind-boolean = true или false
field-kind-duration = Време: 90s, 5m, 1h30m
field-kind-size = Размер: 64KiB, 1MiB
field-kind-choice = Едно от { $words }
field-kind-condition = Условие, без скоби
field-kind-expression = Текст с { "{{ }}" }
field-kind-list = Списък, като YAML
field-kind-map = Имена и стойности, като YAML
field-kind-document = Документ, като YAML
field-kind-needs = След какво е, като YAML: [a, b]. L и K при стъпките правят същото.
leave-title = { $name }: излизане с незапазени промени?
leave-about = Нищо не е приложено. Оставеното за после се предлага пак с e, и след края на конзолата.
leave-stay = Остани
leave-keep = Остави за после
edit-back = Обратно към стъпките
found-title = { $name }: ваша чернова
found-about = Пази се ваша чернова от { $moment }. Започната е от ревизия { $revision }.
found-about-new = Пази се ваша чернова от { $moment }. Тя е на нов процес.
found-go-on = Продължи я
found-held = Отворена е в друга конзола. Каквото и да изберете, там тя остава, както е.
found-copy = Продължи с копие
found-anew = Започни наново
draft-kept = пази се ваша чернова на { $name } от { $moment }: e я продължава
drafts-kept = пазят се { $count } ваши чернови, последната на { $name } от { $moment }: e продължава
draft-taken-up = черновата от { $moment }
draft-copied = черновата от { $moment } е отворена в друга конзола: това е копие, само ваше
draft-older = черновата е започната от ревизия { $base }, а най-новата вече е { $newest }: при запазване се показва разликата
draft-not-kept = черновата не можа да се запише: { $why }
workflow-own-draft = ваша чернова от { $moment }
palette-draft = Продължава вашата чернова на { $name } от { $moment }
refused-unread = текстът не се чете: { $why }; E го отваря
refused-unkept = текстът е написан така, че тук не може да се запази: E го отваря
refused-no-step = няма стъпка { $step }
refused-no-list = в { $step } не може да се сложи нищо
refused-bad-id = { $id } не е идентификатор: малки букви a-z, цифри и _, най-много 64
refused-id-taken = идентификаторът { $id } е зает от { $step }
refused-kind = { $kind } не е вид стъпка
refused-field = стъпката няма поле { $field }
refused-value = { $field } не може да има тази стойност: { $why }
refused-last = { $step } е последната в списъка си, а в него трябва да има поне една
refused-case-taken = вече има случай { $case }
refused-bad-case = случаят трябва да има стойност
refused-into-itself = { $step } не може да влезе в себе си
refused-its-own = { $step } не може да е след себе си
refused-cycle = биха се чакали взаимно: { $steps }
refused-other-list = { $to } и { $from } не са в един списък от стъпки
refused-linked = { $to } вече е след { $from }
refused-not-linked = { $to } не е след { $from }
refused-fallback = { $step } замества { $of }: тя е само след нея и нищо не е след нея
refused-named = { $step } се споменава другаде: { $places }
refused-shared = { $step } се повтаря другаде с *{ $anchor }: E отваря текста
refused-changed = това би променило повече от поисканото ({ $what }): E отваря текста
mention = { $of } ({ $key }, ред { $line })
the-workflow = процеса
field-of-data-transform-with-each = Елементите, през които да мине.
field-of-data-transform-with-value = Документът. С `each` се пресмята за всеки елемент, с `item` и `loop` на разположение, а стойността е списъкът на резултатите.
field-of-data-transform-with-where = Пресмята се за всеки елемент: дали да бъде взет.
field-of-event-publish-with-data = Какво носи; най-много 64 KiB.
field-of-event-publish-with-name = Какво чакат тригерите и стъпките, например order.paid.
field-of-file-read-with-format = Как да се прочете: text, json, csv (списък от карти според първия ред) или lines (списък).
field-of-file-read-with-max = По-голям файл проваля стъпката.
field-of-file-read-with-path = Файлът, който да се прочете.
field-of-file-write-with-content = Какво да съдържа: текстът както е, всеки друг документ като JSON.
field-of-file-write-with-create_dirs = Дали да се създадат директориите над него.
field-of-file-write-with-mode = Правата му, осмично, в кавички.
field-of-file-write-with-path = Файлът, който да се запише.
field-of-http-request-with-body = Тяло, изпратено както е.
field-of-http-request-with-expect = Статусите, които са успех, като едно число или разделени със запетаи: 2xx, 404, 400-409. Всеки друг проваля стъпката.
field-of-http-request-with-follow_redirects = Дали да се следват пренасочванията.
field-of-http-request-with-form = Тяло, изпратено като уеб формуляр.
field-of-http-request-with-headers = Заглавките на заявката.
field-of-http-request-with-json = Тяло, изпратено като JSON.
field-of-http-request-with-method = Методът на заявката.
field-of-http-request-with-query = Параметри, добавени към адреса.
field-of-http-request-with-save_to = Файл, в който се записва тялото на отговора, вместо да се пази.
field-of-http-request-with-timeout = Колко може да трае целият обмен.
field-of-http-request-with-url = Адрес с http или https.
field-of-log-with-level = Колко е важен.
field-of-log-with-message = Редът.
field-of-shell-with-command = Командата, приета както е: стойностите стигат до нея чрез `env`.
field-of-shell-with-shell = sh (/bin/sh -eu), bash (-eu -o pipefail) или списък от думи, към който накрая се добавя името на файл с командата, както в [python3].
field-of-step-approval-approvers = Потребители, и групи с @ отпред, които може да одобрят. По подразбиране всички, които може да ползват rpad.
field-of-step-approval-form = Какво трябва да попълнят хората.
field-of-step-approval-message = Какво се пита.
field-of-step-approval-on_timeout = Какво става със стъпката след това време.
field-of-step-approval-quorum = Колко души трябва да одобрят.
field-of-step-approval-self_approval = Дали може да одобри този, който е пуснал изпълнението.
field-of-step-approval-show = Стойности, които се показват с въпроса.
field-of-step-approval-timeout = Колко време се чакат хората.
field-of-step-as = Как се нарича един елемент.
field-of-step-detached = Дали стъпката приключва, щом онова изпълнение бъде прието.
field-of-step-effect = Какво би направило повторението ѝ. По подразбиране зависи от вида на задачата.
field-of-step-env = Променливи на средата за командата.
field-of-step-for_each = Стъпките се изпълняват за всеки елемент на списък или карта.
field-of-step-id = Как се нарича стъпката в изрази, дневници и пътища.
field-of-step-if = Когато е невярно, стъпката се пропуска.
field-of-step-lock-lease = Най-дългото време, за което се държи.
field-of-step-lock-name = Името на ключалката.
field-of-step-lock-wait = Най-дългото време, за което се чака.
field-of-step-max_iterations = Повече обиколки са провал.
field-of-step-max_parallel = Колко елемента може да вървят едновременно.
field-of-step-name = Текст за хора.
field-of-step-needs = Стъпките, които трябва да са приключили преди това.
field-of-step-on_error = Какво означава провалът на стъпката.
field-of-step-on_error-fallback = Стъпката от същия списък, която се изпълнява вместо нея.
field-of-step-on_item_error = Какво означава провален елемент за цикъла.
field-of-step-on_item_error-stop_after = Толкова провалени елемента прекратяват цикъла.
field-of-step-outputs = Имена и стойности: добавени към изхода на задача, и всичко, което дава стъпка с други стъпки в нея.
field-of-step-repeat-count = Колко обиколки, най-много.
field-of-step-repeat-every = Паузата между две обиколки.
field-of-step-repeat-until = Пита се след всяка обиколка; вярно прекратява цикъла.
field-of-step-retry-attempts = Всички опити, заедно с първия. Задължително без готова политика.
field-of-step-retry-delay = Паузата преди втория опит.
field-of-step-retry-jitter = С колко всяка пауза е по-дълга или по-къса; true значи 20%.
field-of-step-retry-max_delay = Най-дългата пауза.
field-of-step-retry-on = Грешките, при които се опитва пак; по подразбиране всички без business и invalid_input.
field-of-step-retry-policy = Как расте паузата.
field-of-step-retry-preset = Готова политика, която другите ключове променят.
field-of-step-retry-total = Никой опит не започва по-късно от толкова след първия.
field-of-step-run = Команда в обвивка.
field-of-step-set = Променливи на изпълнението и стойностите им.
field-of-step-shell = Обвивката на командата.
field-of-step-switch = Стойността, която избира случай.
field-of-step-timeout = Колко може да трае един опит, или цялата стъпка с други стъпки в нея.
field-of-step-tokens = Колко жетона от всеки запас държи стъпката.
field-of-step-vars = Имена за стойности, като vars.ИМЕ в стъпката и вътре в нея.
field-of-step-wait = За колко време, докога или за кое събитие.
field-of-step-wait-event = Името на събитие.
field-of-step-wait-match = Кое от събитията с това име се има предвид.
field-of-step-wait-on_timeout = Какво става със стъпката след това време.
field-of-step-wait-timeout = Колко време се чака събитието.
field-of-step-wait-until = Момент с часовата му зона или отместване.
field-of-step-while = Стъпките се изпълняват, докато е вярно; пита се преди всяка обиколка.
field-of-step-with = Входовете на задачата или променливите на процеса.
field-of-step-workflow = Процес, който се изпълнява: ИМЕ или ПРОСТРАНСТВО/ИМЕ.
step-kind-group = Стъпки като една стъпка.
step-kind-for_each = Стъпки за всеки елемент на списък или карта.
step-kind-while = Стъпки, повтаряни докато условие е вярно.
step-kind-repeat = Стъпки, повтаряни определен брой пъти.
step-kind-switch = Стъпки за всяка от няколко стойности.
step-kind-set = Задава променливи на изпълнението.
step-kind-wait = Чака: колко дълго, до кога или за събитие.
step-kind-workflow = Изпълнява друг процес.
step-kind-approval = Пита хора и ги чака.
step-kind-shell = Изпълнява команда в обвивка.
step-kind-log = Пише ред в журнала на изпълнението.
step-kind-noop = Не прави нищо.
step-kind-http-request = Изпраща HTTP заявка.
step-kind-file-read = Чете файл.
step-kind-file-write = Пише файл.
step-kind-data-transform = Прави една стойност от други.
step-kind-event-publish = Публикува събитие.
editor-changes = { $count ->
    [one] 1 промяна
   *[other] { $count } промени
 }
editor-problems = { $count ->
    [one] 1 проблем
   *[other] { $count } проблема
 }
editor-warnings = { $count ->
    [one] 1 предупреждение
   *[other] { $count } предупреждения
 }
remove-inside = { $count ->
    [one] С нея изчезва 1 стъпка, която е в нея.
   *[other] С нея изчезват { $count } стъпки, които са в нея.
 }
field-lines = { $count ->
    [one] и още 1 ред
   *[other] и още { $count } реда
 }
save-problems = { $count ->
    [one] не е запазено: пречи 1 проблем
   *[other] не е запазено: пречат { $count } проблема
 }

## Редактиране на процес
prompt-name = нов процес
name-bad = a-z, 0-9, - и _; най-много 64
name-taken = { $name } го има: e го редактира
edit-fault = редакторът не може да се използва: { $why }
edit-fault-kept = редакторът не може да се използва: { $why }; файлът е { $path }
edit-late = { $name } дойде, но междувременно сте другаде: натиснете клавиша пак, за да го редактирате
edit-unchanged = { $name }: нищо не е променено
edit-failed-unchanged = редакторът завърши с { $code }; нищо не е променено
edit-failed-kept = редакторът завърши с { $code }: нищо не е направено; файлът е { $path }
edit-discarded = { $name }: написаното е изхвърлено
edit-kept = нищо не е приложено; файлът е { $path }
edit-applying = файлът се прилага
edit-live = { $name }: действа ревизия { $revision }
edit-draft = { $name }: ревизия { $revision } е чернова
edit-same = { $name }: това вече е ревизия { $revision }
edit-stale = Откакто взехте ревизия { $base } за редактиране, се появи ревизия { $newest }. Приложена сега, вашата ще замени промененото в нея. Това е разликата спрямо нея:
edit-stale-new = Вече има такъв процес: ревизия { $newest }. Приложена сега, вашата ще я замени. Това е разликата спрямо нея:
edit-again = Редактирай пак
edit-apply = Приложи: започва да действа
edit-as-draft = Приложи, без да действа
edit-keep = Запази файла
edit-discard = Изхвърли
edited-problems = { $count ->
    [one] { $name }: 1 проблем
   *[other] { $name }: { $count } проблема
 }
edited-stale = { $name }: ревизия { $revision } е по-нова
edited-plan = { $name }: какво би се променило
pager-failed = програмата за четене завърши с { $code }
problem-place = ред { $line }, { $code }
plan-new = { $name } е нов.
plan-unchanged = { $name }: точно този текст вече е приложен.
plan-changed = { $name } се различава от ревизия { $live }, която действа:
plan-changed-draft = { $name } се различава от черновата си:
plan-stands = състоянието му е „{ $word }“: не започват изпълнения
plan-variable = променлива
plan-trigger = тригер
plan-step = стъпка
plan-secret = тайна { $name }, която я има
plan-secret-missing = тайна { $name }, която я няма
plan-text-only = само текстът: значи същото
plan-called-by = викат го { $names }
plan-runs = изпълнения, които запазват ревизията си: { $runs }
plan-fires-before = сега се задейства { $slots }
plan-fires-after = ще се задейства { $slots }
plan-never = никога

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
filter-bad-age = { $word }: иска възраст като 90s, 2h или 7d, а не { $text }
filter-unknown = { $word }: не се знае, само { $known }; текст с двоеточие се пише в "кавички"
filter-not-without = { $word }: не се обръща с !
filter-bad-status = { $text } не е състояние: { $known }
prompt-save = запиши журнала в
search-troubles = stderr, предупреждения, грешки:
prompt-filter = филтър
prompt-search = търси
prompt-runs-syntax = думи, status:failed wf: since:2h !x; Tab

## Едно изпълнение
pane-log = Журнал
pane-data = Данни
pane-timeline = Време
pane-events = Събития
groups-none = няма неуспешни изпълнения
groups-cut = по-старите не са прегледани
groups-runs = { $count ->
    [one] 1 неуспешно изпълнение
   *[other] { $count } неуспешни изпълнения
 }
groups-when = { $count ->
    [one] 1 изпълнение, в { $newest }: { $run }. Enter го показва.
   *[other] { $count } изпълнения от { $oldest } до { $newest }, последното е { $run }. Enter показва точно тях; * отбелязва всички.
 }
events-none = нищо такова не се е случило
events-older = по-стари { $count }: rpa why --all
timeline-now = сега { $moment }
log-all-steps = всички стъпки
log-fetching = журналът се взима
log-saved = { $lines ->
    [one] записан е 1 ред в { $path }
   *[other] записани са { $count } реда в { $path }
 }
log-saved-cut = записани са само първите { $count } реда в { $path }: журналът е по-дълъг от файл с 1 GiB
log-not-saved = журналът не е записан: { $why }
log-follow = СЛЕДИ
log-below = { $count } по-долу
log-lines = { $lines ->
    [one] 1 ред
   *[other] { $count } реда
 }
log-lines-of-all = { $lines ->
    [one] 1 ред на всички стъпки
   *[other] { $count } реда на всички стъпки
 }
log-looking = редовете ѝ се търсят
log-no-trouble = никой ред не е на stderr, предупреждение или грешка; L показва всички
log-only-troubles = само бедите
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
why-next = Какво може да се направи:
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
what-every = На всеки { $period }
what-every-from = На всеки { $period } от { $from }
what-once = Веднъж, на { $at }
what-times = { $count } пъти, от { $from } до { $to }
what-never = Никога
what-event = събитие { $name }
what-by-hand = ръчно{ $who }
what-after = след { $workflow }: { $statuses }
what-or = или
what-files = файлове в { $place }: { $changes }
what-files-below = файлове в и под { $place }: { $changes }
change-created = нови
change-modified = променени
change-deleted = изтрити
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
cancel-done = { $count ->
    [one] 1 изпълнение се отменя
   *[other] { $count } изпълнения се отменят
 }
cancel-asked = { $count ->
    [one] поискана е отмяна на 1 изпълнение
   *[other] поискана е отмяна на { $count } изпълнения
 }

## Пауза
pause-nothing = тук няма какво да се спре: приключило е или е на пауза
pause-title = Пауза на { $count } изпълнения?
pause-consequence = В тях не започва нищо ново, докато не бъдат пуснати да продължат. Работещите стъпки стигат до края си.
pause-done = { $count ->
    [one] 1 изпълнение е на пауза
   *[other] { $count } изпълнения са на пауза
 }
pause-asked = { $count ->
    [one] поискана е пауза на 1 изпълнение
   *[other] поискана е пауза на { $count } изпълнения
 }
resume-nothing = тук няма какво да продължи
resume-title = Да продължат ли { $count } изпълнения?
resume-consequence = Продължават оттам, където са били спрени.
resume-done = { $count ->
    [one] 1 изпълнение продължава
   *[other] { $count } изпълнения продължават
 }
resume-asked = { $count ->
    [one] поискано е продължаване на 1 изпълнение
   *[other] поискано е продължаване на { $count } изпълнения
 }

## Повторение
bulk-refused = { $count ->
    [one] 1 беше отказано: { $why }
   *[other] { $count } бяха отказани, първото: { $why }
 }
retry-title = Да се повторят ли { $count } изпълнения?
retry-consequence = Всяко пуска ново изпълнение, което запазва успешно свършеното. Ако би се повторила стъпка, която действа само веднъж, първо ще бъдете попитани.
retry-one-title = Да се повтори ли изпълнение { $run }?
retry-live = { $name } вече е с ревизия { $live }; това изпълнение беше с ревизия { $revision }.
retry-about-own = Неуспелите стъпки се изпълняват отново точно както бяха тогава.
retry-about-live = Стъпките, които в публикуваната ревизия са променени, също се изпълняват отново.
retry-other = { $count ->
    [one] За 1 от тях вече е публикувана друга ревизия.
   *[other] За { $count } от тях вече е публикувана друга ревизия.
 }
retry-own = на всяко изпълнение
retry-newest = публикуваната
retry-nothing = никое от отбелязаните не е неуспешно или отменено
retry-asked = { $count ->
    [one] поискано е повторение на 1 изпълнение
   *[other] поискано е повторение на { $count } изпълнения
 }
retry-done = { $count ->
    [one] 1 изпълнение е пуснато отново
   *[other] { $count } изпълнения са пуснати отново
 }
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
asked-none =
    Нищо не чака одобрение.
    Каквото стъпка на процес иска от хора (approval:), стои тук, докато някой реши.
doubts-none =
    Никое изпълнение не е в съмнение.
    След срив може никой да не знае дали е извършена стъпка, която се прави само веднъж.
    Изпълнението ѝ стои тогава тук, докато някой каже какво е станало. Esc показва всички.
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
palette-workflow = стъпките, тригерите и ревизиите на { $name }
palette-run = пуска { $name }
palette-runs-of = изпълненията на { $name }
palette-deliveries = доставеното на тригера { $name }
palette-slots = моментите на тригера { $name }
palette-show = отваря изпълнение { $run }
palette-keyboard = клавиатурата, на която се пишат командите
palette-glyphs = кои знаци се рисуват
help-title = Клавиши: { $screen }
help-conditions = / приема думи и { $words } с ! за отрицание, "кавички" около текст с двоеточие
help-filter = филтър:
help-nothing = няма клавиш с такова описание
keys-file-head =
    Клавишите на rpa-tui. Запазете това като keys.toml до tui.toml; ред без # отпред
    заменя обичайните клавиши на действието. Над първото [място] редът важи навсякъде,
    където има такова действие. [] му отнема всички клавиши: остава в палитрата.
scope-everywhere = навсякъде
scope-moving = движение
scope-home = табло
scope-welcome = табло: първи стъпки
scope-approvals = одобрения
scope-locks = ключалки
scope-notifications = известия
scope-workflows = процеси
scope-groups = неуспехи по вид и място
scope-runs = изпълнения
scope-triggers = тригери
scope-upcoming = предстоящи
scope-trigger = тригер
scope-run = изпълнение
scope-workflow = процес
scope-graph = граф на процес
scope-step = стъпка на процес
scope-editor = редактор: стъпки
scope-editor-graph = редактор: граф
scope-editor-form = редактор: форма
scope-its-triggers = тригери на процес
scope-revisions = ревизии на процес
scope-text = текст или разлика
scope-log = журнал
scope-data = данни
scope-run-graph = граф на изпълнение
scope-timeline = времева лента на изпълнение
scope-events = събития на изпълнение
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

## Таблото
act-overview = табло
act-overview-help = какво иска човек, какво върви, какво следва
act-example = примерът
act-example-help = дава примера на демона, когато още няма процеси
home-day = 24 ч
home-day-from = от { $moment }
home-ok = добре
home-failed = неуспех
home-since = по час на знак, от { $moment }
home-attention = Иска човек
home-attention-none = нищо
home-open = Върви сега
home-open-none = нищо не върви
home-next = Следва
home-next-none = нищо не тръгва до утре по това време
home-what-daemon = демонът
home-what-asked = одобрение
home-more = има и по-стари: Enter показва всички
home-daemon = демонът е в състояние: { $state }
home-runner = не може да започне стъпка: изпълнителят не е готов
home-backup = последното резервно копие не стана
home-trouble-broken = не назовава моменти
home-away =
    За да пуснете демон, в обвивката:
      rpad                           ваш собствен, на преден план
      sudo systemctl start rpad      този на системата

welcome-title = Добре дошли. Още няма работни процеси.
welcome-text = Три стъпки до първия, който върви: { $name } само гледа колко са пълни дисковете.
welcome-apply = дайте { $name } на демона
welcome-run = изпълнете го: формуляр пита за променливите, F8 го пуска
welcome-watch = гледайте какво печата
welcome-own = n започва ваш процес тук. В обвивката rpa init записва един с обяснения, hello.yaml; rpa check hello.yaml намира всичките му грешки, rpa apply hello.yaml го дава на демона. ? показва всички клавиши.
new-begun = { $name } е нов: още нищо от него не е запазено
welcome-applying = { $name } се дава на демона
welcome-applied = демонът вече познава { $name }; R го изпълнява

## Ключалки
act-locks = ключалки
act-locks-help = ключалки и запаси от жетони: кой ги държи, кой чака
act-release = освобождаване
act-release-help = взема от стъпка това, което държи, или маха запас; първо пита
act-pool = запас
act-pool-help = прави запас от жетони или дава друг размер на избрания
col-lock = КЛЮЧАЛКА
col-lease = ДО
locks-none =
    Тук никой не държи ключалка и няма запаси от жетони.

    e прави запас.
lock-holds = държи
lock-waits = чака { $place }
lock-held = заета
lock-free = свободна
lock-wait-count = { $count ->
    [one] 1 чака
   *[other] { $count } чакат
 }
pool-held = { $taken } от { $size }
lock-none-meant = стъпка, която държи или чака, отваря изпълнението си
lock-nothing-held = изберете стъпка, която я държи, или запас
lock-asked = пита се демонът
lock-released = { $step } вече не държи { $lock } и продължава
lock-keep = да остане
release-title = Да се вземе ли { $lock } от стъпката?
release-consequence = { $step } на изпълнение { $run } не се спира: други може да държат { $lock }, докато тя още работи. За да я спрете, прекратете изпълнението.
release-do = да се освободи
drop-title = Да се махне ли запасът { $name }?
drop-consequence = Стъпки, които искат жетони от { $name }, после ще пропаднат. Отказва се, докато някой държи жетони или чака.
drop-do = да се махне
pool-title = Запас от жетони
pool-consequence = Толкова жетони може да се държат наведнъж. По-малък размер не взема нищо от който държи: новите чакат.
pool-name = име
pool-size = размер
pool-wrong = име и размер от 1 до 1 000 000
pool-sized = { $count ->
    [one] запасът { $name } има 1 жетон
   *[other] запасът { $name } има { $count } жетона
 }
pool-dropped = { $name } вече не е запас

## Известия
act-notifications = известия
act-notifications-help = какво иска човек: неуспехи, въпроси, пропуснати моменти, самият демон
act-ack = видяно
act-ack-help = избраното известие е видяно, или отбелязаните
act-ack-all = всички видени
act-ack-all-help = всички показани известия са видени; първо пита
act-standing = кои
act-standing-help = отворените, невидените, всички
col-level = НИВО
col-source = ИЗТОЧНИК
col-state = СЪСТОЯНИЕ
unread = нови
notifications-unread = нови
notifications-open = отворени
notifications-all = всички
notifications-none =
    Не се е случило нищо, което иска човек.
notifications-none-unread = Няма нови. Tab показва останалите.
notifications-none-open = Сега нищо не иска човек. Tab показва видяното и отминалото.
notifications-no-match = Никое известие не отговаря на "{ $filter }".
notification-new = { $source }: { $what }
notification-times = { $count ->
    [one] веднъж, в { $since }
   *[other] { $count } пъти от { $since }
 }
notification-over = отмина в { $moment }: { $how }
notification-seen = видяно в { $moment } от { $who }
severity-information = сведение
severity-warning = внимание
severity-question = въпрос
severity-error = грешка
standing-unread = ново
standing-open = отворено
standing-done = приключено
settled-decided = някой реши
settled-timed_out = времето изтече
settled-ended = изпълнението завърши
settled-rerun = повторните изпълнения успяха
settled-resumed = тригерът продължава или вече не е зареден
settled-released = възстановеното хранилище продължава
settled-over = вече не е така
ack-nothing = няма нови сред тях
ack-asked = съобщава се на демона
ack-done = { $count ->
    [0] вече нямаше нови
    [one] 1 известие е видяно
   *[other] { $count } известия са видени
 }
ack-missing = { $count ->
    [one] едно от тях вече го няма
   *[other] { $count } от тях вече ги няма
 }
ack-title = { $count ->
    [one] 1 ново известие
   *[other] { $count } нови известия
 }
ack-consequence = Ще се броят за видени от вас. Което дойде междувременно, остава ново, а нещата си остават, както са.
ack-keep = да останат
ack-do = видени са

## Настройки
act-settings = настройки
act-settings-help = език, знаци, цветове, часова зона и други, и откъде е всяка
settings-title = Настройки
settings-none = няма
settings-file = пазят се в { $path }
setting-set = { $name }: { $value }
setting-refused = { $name } може да е { $range }
set-language = език
set-language-help = На какво говори конзолата.
set-keyboard = клавиатура
set-keyboard-help = На коя кирилска подредба се натискат командните клавиши.
set-glyphs = знаци
set-glyphs-help = Знаци извън ASCII или само ASCII.
set-max_fps = кадри в секунда
set-max_fps-help = Най-много, от следващото пускане. Без нея 30, а през SSH 10.
set-start = начален екран
set-start-help = С какво започва конзолата и докъде връща Esc.
set-theme = цветове
set-theme-help = Тези на терминала, никакви, или нищо бледо и всичко получерно.
set-motion = движение
set-motion-help = Времената растат всяка секунда или на всеки десет.
set-time_zone = часова зона
set-time_zone-help = В която се показват моментите.
set-read_only = само четене
set-read_only-help = Отказва се всичко, което би променило нещо.
origin-default = по подразбиране
origin-file = файлът, ред { $line }
origin-environment = средата, { $name }
origin-flag = командният ред
origin-here = сменена тук и запазена
hint-other-value = друга
read-only = само четене: оттук нищо не се променя; настройките (,) го разрешават

## Търсене навсякъде
act-find = търсене
act-find-help = търси текст в процеси, стъпки, тригери и изпълнения
palette-find = търси { $text } навсякъде
find-title = Търсене
find-workflows = процеси
find-steps = стъпки
find-triggers = тригери
find-runs = изпълнения
find-type = думи от име, стъпка или грешка; краят на номера на изпълнение
find-looking = преглеждат се изпълненията
find-none = нищо не се намери
find-count = { $count ->
    [one] 1 място
   *[other] { $count } места
 }

# копиране
act-copy = копиране
act-copy-help = праща името на избраното, изпълнение, процес или ред, към клипборда на терминала; tmux го приема при set-clipboard on
act-copy-command = копирай командата
act-copy-command-help = праща натам командата rpa, показана последно или показваща това тук
copied = изпратено към терминала: { $text }
copied-tmux = изпратено към tmux (иска set-clipboard on): { $text }
copied-command = изпратено към терминала:
copied-command-tmux = изпратено към tmux (иска set-clipboard on):
copy-nothing = тук няма какво да се копира
copy-kept = твърде дълго е за клипборда или няма такъв: намира се в { $path }
copy-failed = не може да се копира: { $why }

# команди
composer-run = Изпълни
composer-copy = Копирай
composer-shell = Има смисъл само в обвивка: копирайте я и я поставете там.
composer-changes = Променя нещо. С Enter се изпълнява.
reader-waits = още нищо не е отпечатала
reader-nothing = не отпечата нищо
reader-runs = върви
reader-exit = код { $code }
reader-ended = беше прекратена
reader-cut = останалото е изпуснато
reader-failed = не може да се изпълни: { $why }
hint-again = отново

# мишката
act-mouse = мишка
act-mouse-help = взема кликовете и колелцето за конзолата или ги оставя на терминала
mouse-on = мишката е за конзолата; със Shift се избира текст
mouse-off = мишката пак е за терминала
set-mouse = мишка
set-mouse-help = Дали кликовете и колелцето са за конзолата. Със Shift са за терминала.

# моментите на всички тригери
act-slots = моменти
act-slots-help = какво е стигнало до всички тригери и какво е станало, най-новото най-горе
scope-slots = моменти
ledger-none = Още нищо не е стигнало до тригер.
ledger-no-match = Нищо не отговаря на { $filter }. С Esc се показва всичко.
prompt-slots-syntax = status:пропуснато trigger:ИМЕ wf:ИМЕ since:2h думи

# пътят и запазените изгледи
act-way-back = назад по пътя
act-way-back-help = там, където сте били преди, колкото назад искате
act-way-on = пак напред
act-way-on-help = напред по същия път
act-last = предишно място
act-last-help = към мястото преди това
act-view = изгледи
act-view-help = списъци с филтър, запазени под име; view save ИМЕ запазва този
trail-ends = пътят свършва тук
palette-view-save = запазва този списък с филтъра му под име
palette-view-delete = забравя изгледа
view-saved = изглед { $name }: { $place }
view-deleted = изгледът { $name } е забравен
view-bad-name = изглед се нарича с една дума от букви и цифри, която не е save или delete
view-no-place = този списък не може да се запази
view-broken = изгледът { $name } не може да се покаже: { $place }
