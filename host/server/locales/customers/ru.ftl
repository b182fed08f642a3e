### Слова самого хоста для клиентов: приложение, терминалы, чаты, окна банка, чеки. Ключи те же, что и в en.ftl.

bank-name = Ситай
skip = Перейти к содержимому
practice = Учебный режим · не настоящие деньги
practice-explained = Это учебный режим: ничего не списывается и не проводится.
nav = Главные страницы
nav-home = Главная
nav-payments = Платежи
nav-me = Профиль
verified = Проверено
open = Открыть
back = Назад
close = Закрыть
again = Повторить
go-home = На главную
save = Сохранить
busy = Подождите…
offline = Нет связи, пробуем ещё раз…
lost = Ответ не получен. Попробуйте ещё раз
moved = Страница изменилась. Посмотрите, прежде чем нажимать
copied = Скопировано

greeting-night = Доброй ночи
greeting-morning = Доброе утро
greeting-noon = Добрый день
greeting-afternoon = Добрый день
greeting-evening = Добрый вечер
search = Поиск
recent = Недавние
zone = Раздел отделения «{ $branch }»
zone-empty = Здесь пока нет мини-программ
zone-empty-text = Здесь появится то, что включит ваше отделение.
found-none = По запросу «{ $query }» ничего не найдено
found-none-text = Попробуйте другое слово или очистите поиск, чтобы увидеть всё.
foot = Каждую мини-программу проверяют два сотрудника головного офиса

capsule = Действия с мини-программой
menu = Ещё
may = Что ей разрешено ({ $n })
menu-restart = Начать заново
menu-settings = Язык, оформление и крупный шрифт
menu-version = Версия { $version } · { $id }
session-closed = Этот сеанс завершён.
session-again = Открыть снова
opening = Открывается
needs-script = Для мини-программ нужен браузер, в котором разрешены скрипты.
read-aloud = Прочитать вслух
read-unable = На этом устройстве нет собственного голоса для этого языка.

sign-in = Войти
sign-out = Выйти
login = Имя для входа
password = Пароль
gate-line = Одна сцена — любое дело
gate-safe = Банк никогда не спрашивает ваш пароль, и ни одна мини-программа его не видит.
visit = Продолжить без входа
visit-kept = Вы здесь как гость. Войдите, и всё, что вы сделали, останется у вас.
visit-end = Завершить посещение
visit-title = Вы гость
visit-text = Войдите, чтобы платить со своего счёта. Всё, что вы сделали здесь, останется у вас.
visitor = Гость
for-staff = Для сотрудников
entered = Вы вошли
go-on = Продолжить
passkeys = Ключи доступа
passkeys-none = Ключа доступа пока нет. С ним вы входите по отпечатку пальца, лицу или PIN-коду и подтверждаете важное.
passkey-sign-in = Войти с ключом доступа
passkey-add = Добавить ключ доступа
passkey-remove = Удалить
passkey-name = Название ключа доступа
passkey-name-hint = Например: мой телефон
passkey-unnamed = Ключ доступа
passkey-made = Добавлен: { $when }
passkey-used = последнее использование: { $when }
passkey-away = Ключи доступа работают на { $origin }
passkey-failed = Не удалось использовать ключ доступа. Попробуйте ещё раз.
passkey-cancelled = Ничего не подтверждено.
passkey-unable = Этот браузер не поддерживает ключи доступа.
passkey-known = Этот ключ доступа уже зарегистрирован.
code = Одноразовый код
code-title = Это вы?
code-text = Мы отправили вам код из шести цифр.
signed-in-at = Где выполнен вход
this-one = Здесь
device-unnamed = Неизвестное устройство
sign-out-all = Выйти везде
how-password = Пароль
how-passkey = Ключ доступа
how-provider = Служба входа
how-strong-provider = Служба входа со вторым фактором
how-visit = Посещение
how-machine = Программный доступ
how-kiosk = У терминала
how-chat = Чат
erase = Удалить мои данные
erase-text = Всё, что мини-программы банка хранят о вас, сразу и навсегда станет нечитаемым. Чеки останутся в учёте без вашего имени.
erase-now = Удалить навсегда

payments-empty = Платежей пока нет
payments-empty-text = Здесь остаётся чек о каждом платеже в мини-программе.
receipt = Чек
print = Распечатать
refunded = Возвращено
stamp-paid = ОПЛАЧЕНО
stamp-practice = УЧЕБНЫЙ
receipt-foot = Выдан банком по данным его учёта. Ни одна мини-программа не может его изменить.
receipt-code = Код проверки
receipt-verify = Полный код есть в подписанном чеке. Его может проверить любой по открытому ключу банка.
receipt-download = Сохранить подписанный чек
receipt-open = Снова открыть «{ $name }»
fact-number = Номер
fact-confirmed = Подтверждено
fact-made = Заказано
fact-program = Мини-программа
fact-mark = Метка

account = Счёт
balance = Баланс
look = Оформление
language = Язык
theme = Тема
theme-auto = Как в системе
theme-light = Светлая
theme-dark = Тёмная
elder = Крупный шрифт
elder-text = Крупнее буквы, меньше шагов
more-settings = Другие настройки
level-visitor = Гость
level-registered = Зарегистрирован
level-verified = Личность подтверждена
level-account-holder = Владелец счёта
level-staff = Сотрудник

sheet-title = Подтверждение платежа
sheet-by = Выдано банком. Ни одна мини-программа не может это нарисовать
sheet-by-practice = Учебный платёж, выдано банком
sheet-you-pay = Вы платите
sheet-payees = Получатели
sheet-lines = Состав
sheet-discount = Скидка
sheet-asked-by = Запрашивает
sheet-mark = Метка { $mark }
sheet-decline = Не платить
sheet-confirm = Оплатить { $amount }
sheet-confirm-practice = Учебная оплата { $amount }

# Окна банка, кроме платежей.
sheet-scan = Сканировать код
sheet-scan-explained = Наведите камеру на код или введите то, что написано под ним.
sheet-scan-label = Содержимое кода
sheet-scan-hint = Программа получит именно этот текст.
sheet-scan-camera = Включить камеру
sheet-scan-confirm = Передать

status-draft = Черновик
status-awaiting-confirmation = Ждёт подтверждения
status-on-its-way = В пути
status-held = На проверке
status-authorised = Средства зарезервированы
status-partly-captured = Списано частично
status-settled = Оплачено
status-declined = Отклонено
status-cancelled = Отменено
status-expired = Срок истёк
status-cash-due = К оплате наличными
status-unknown = Итог неизвестен
status-refunded = Возвращено
status-part-refunded = Возвращено частично

role-merchant = Продавец
role-branch = Отделение
role-head-office = Головной офис
role-sale = Товары
role-fee = Комиссия
role-tip = Чаевые
role-goods = Товары
role-service = Сервисный сбор

field-required = обязательно
items-more = Показать ещё
items-more-of = Показать ещё (всего { $n })
qr-code = QR-код
coupon = Купон
quantity = Количество
quantity-less = Меньше
quantity-more = Больше

time-today = Сегодня
time-yesterday = Вчера
time-just-now = только что
time-minutes-ago = { $n ->
    [one] { $n } минуту назад
    [few] { $n } минуты назад
    [many] { $n } минут назад
   *[other] { $n } минуты назад
}
time-hours-ago = { $n ->
    [one] { $n } час назад
    [few] { $n } часа назад
    [many] { $n } часов назад
   *[other] { $n } часа назад
}

request-id = Запрос
problems = Коды
problems-text = У каждого отказа, замечания и сбоя есть код, который никогда не меняется. Выберите код, чтобы узнать, что делать.
problem-mend = Что делать:
problem-status = Статус HTTP
problem-kind = Вид, как его видят программы
problem-command = В терминале
problem-family = Другие из «{ $family }»
program = Мини-программа
publisher = Издатель
state = Состояние
mandate-stopped = Приостановлено банком
reason = Причина
interface-log = Вести журнал
interface-storage = Хранить ваши данные
interface-shared-storage = Общие данные отделения
interface-counters = Считать
interface-wakeups = Напоминания
interface-config = Настройки отделения
interface-partner = Обращаться к системам издателя
interface-scanner = Сканировать коды
interface-customer = Как к вам обращаться и ваш уровень
interface-claims = Запрашивать сведения о вас
interface-proofs = Задавать банку вопросы о вас с ответом «да» или «нет»
interface-presence = Просить подтвердить, что это вы
interface-agreements = Предлагать подписать договоры с банком
interface-secure-fields = Поля, которые читает только банк
interface-payments = Просить вас оплатить
interface-merchant-payments = Управлять платежами продавца
interface-merchant-codes = Платёжные коды
interface-mandates = Списывать в пределах, на которые вы согласились
interface-coupons = Ваши купоны, которые здесь действуют
interface-payouts = Выплачивать вам деньги из своего бюджета
interface-red-envelopes = Красные конверты
interface-library = Материалы, проверенные банком
interface-authoring = Предлагать материалы на проверку
interface-feedback = Оценки и жалобы
secure-card-number = Номер карты
secure-identity-number = Номер удостоверения личности
secure-one-time-code = Одноразовый код
secure-hint-card = От 12 до 19 цифр
secure-hint-identity = 18 знаков
secure-hint-code = Цифры из сообщения
secure-why = Читает банк, а не мини-программа: { $purpose }
secure-missing = Заполните это поле
secure-over = Время этого поля истекло. Вернитесь и начните заново.
yes = Да
content-kind-article = Статья
content-kind-offer = Предложение
content-kind-product = Товар
content-kind-place = Место
content-kind-video = Видео
content-kind-live = Прямой эфир
content-kind-question = Вопрос и ответ
content-opens = Открыть «{ $name }»
content-detail-district = Район
content-detail-hours = Часы работы
content-detail-position = Координаты
content-detail-phone = Телефон
content-detail-origin = Происхождение
content-sold-out = Нет в наличии
content-left = Осталось: { $n }
content-foot = Проверено банком до показа
complaint = Жалоба
complaint-open = Подана
complaint-in-hand = Рассматривается
complaint-answered = Есть ответ
complaint-duplicate = Объединена
complaint-erased = Данные клиента удалены.
complaint-you = Вы
complaint-until = Вы получите ответ не позднее: { $day }.
complaint-late-text = Ответ задерживается. Головному офису сообщено.
complaint-joined = Она объединена с другой жалобой; ответ будет там
complaint-reply = Хотите что-нибудь добавить?
complaint-reply-send = Отправить
complaints-mine = Мои жалобы
complaints-none = Жалоб нет
complaints-none-text = Если что-то пошло не так, пожалуйтесь из чека или со страницы программы.
recording = Передать этот сеанс разработчику
recording-lead = Автор мини-программы сможет увидеть, что именно она делала, и исправить её. Вы получите файл; кому его отдать, решаете вы.
recording-steps = Все шаги этого сеанса ({ $n }): что вы нажимали и вводили и каждую увиденную страницу
recording-personal = Всё, что мини-программе сообщили о вас, например имя или адрес, если вы это разрешили
recording-not = Туда не входят ваш пароль, номера карт и то, что вы ввели в собственные поля банка
recording-agree = Разрешаю разработчику прочитать всё это
recording-yours = Банк записывает, что вы забрали файл.
recording-give = Сохранить файл
complain = Пожаловаться
complain-what = Что случилось?
complain-hint = Что произошло, когда и чего вы ждёте
complain-safe = { $n ->
    [one] Жалоба идёт в головной офис. Издатель её не видит. Вы получите ответ в течение { $n } дня.
    [few] Жалоба идёт в головной офис. Издатель её не видит. Вы получите ответ в течение { $n } дней.
    [many] Жалоба идёт в головной офис. Издатель её не видит. Вы получите ответ в течение { $n } дней.
   *[other] Жалоба идёт в головной офис. Издатель её не видит. Вы получите ответ в течение { $n } дня.
}
complain-send = Отправить жалобу
said-complained = Ваша жалоба в головном офисе.
ratings = Оценки
ratings-none = В вашем отделении её пока никто не оценил.
ratings-rule = Оценить может только тот, кто заплатил, один раз за каждый платёж.
rating-stars-of = { $n ->
    [one] { $n } звезда
    [few] { $n } звезды
    [many] { $n } звёзд
   *[other] { $n } звезды
}
rating-average = { $n } из 5 звёзд
rating-count = { $n ->
    [one] { $n } оценка
    [few] { $n } оценки
    [many] { $n } оценок
   *[other] { $n } оценки
}
rating-answer = Ответ заведения
rate = Как вам?
rate-stars = Звёзды
rate-text = Добавьте несколько слов, если хотите
rate-send = Оценить
said-rated = Спасибо. Ваша оценка учтена.
menu-ratings = О программе и оценки
sheet-notices = Какие уведомления вы хотите получать?
sheet-notices-explained = Их присылает банк от имени этой программы, проверенными словами и никогда в ваши тихие часы. Отказаться можно в любой момент.
sheet-notices-confirm = Сохранить выбор
notices = Уведомления
notices-unread = { $n ->
    [one] { $n } новое
    [few] { $n } новых
    [many] { $n } новых
   *[other] { $n } нового
}
notices-none = Уведомлений пока нет
notices-none-text = Здесь появится то, что сообщают мини-программы, когда вы это разрешите.
notices-saved = Сохранено.
notices-quiet = Тихие часы
notices-quiet-on = Не беспокоить
notices-quiet-text = То, что придёт в эти часы, подождёт до их окончания.
notices-quiet-from = С
notices-quiet-until = До
notices-programs = Что вам можно присылать
notices-muted = Отключены
notices-mute = Отключить
notices-unmute = Включить
notice-new = новое
notice-once = Один раз
notice-lasting = Пока я не отменю
notice-once-left = { $n ->
    [0] Не разрешено
    [one] Ещё { $n } раз
    [few] Ещё { $n } раза
    [many] Ещё { $n } раз
   *[other] Ещё { $n } раза
}
notice-take-back = Отозвать
notice-allow = Разрешить
interface-notices = Присылать вам уведомления
customer-manager = Персональный менеджер
threads = Переписка
threads-none = Переписки пока нет
threads-none-text = Здесь появится переписка с вашим менеджером, когда мини-программа её откроет.
thread = Переписка
thread-ended = Завершена
thread-ended-text = Вы завершили эту переписку. Никто не может в ней писать, и мини-программа не может её читать.
thread-purpose = Цель: { $purpose }
thread-earlier = Более ранние сообщения
thread-write = Ваше сообщение
thread-send = Отправить
thread-reads = Эту переписку открыла программа «{ $program }», она может её читать.
thread-end = Завершить переписку
thread-resume = Открыть снова
interface-relationship = Участвовать в вашей переписке с менеджером
sheet-leave = Не сейчас
sheet-for-what = Для чего
sheet-locate = Указать, где вы
sheet-locate-explained = Программа получит ваше положение с точностью около ста метров или выбранный вами район. Только в этот раз.
sheet-locate-confirm = Передать
sheet-locate-position = Положение
sheet-locate-position-hint = Устройство спросит вас ещё раз.
sheet-locate-district = Или выберите район
sheet-locate-district-hint = Тогда ваше положение не используется.
sheet-locate-here = Использовать моё положение
sheet-locate-away = Положение определить не удалось. Выберите район.
sheet-attach = Передать файл
sheet-attach-explained = Программа сможет читать этот файл в течение месяца. Банк хранит его зашифрованным, и вы можете уничтожить его вместе со своими данными.
sheet-attach-confirm = Передать
sheet-attach-label = Файл
sheet-attach-picture = Изображение. Оно будет уменьшено, а сведения о месте и камере удалены.
sheet-attach-pdf = PDF не больше одного мегабайта.
sheet-attach-both = Изображение или PDF не больше одного мегабайта.
sheet-attach-given = Готово
sheet-print = Печать
sheet-print-explained = Вот что будет напечатано.
sheet-print-confirm = Открыть для печати
sheet-share = Поделиться
sheet-share-explained = Эту страницу сможет открыть любой, у кого есть эта ссылка или код. О вас в ней ничего нет.
sheet-share-confirm = Готово
sheet-share-code = QR-код ссылки
sheet-start = Открыть другую мини-программу
sheet-start-explained = Это другая программа, возможно, другого издателя. Вы сможете вернуться.
sheet-start-confirm = Открыть
copy = Скопировать
back-to-program = Назад в предыдущую программу
print-now = Распечатать
interface-programs = Открывать другие мини-программы
interface-locator = Спрашивать, где вы
interface-attachments = Просить у вас файлы
interface-printer = Печатать документы
interface-sharing = Предлагать поделиться страницей

# Постоянные разрешения
mandates = Постоянные разрешения
mandates-none = Никто не может списывать деньги сам
mandates-none-text = Здесь стоит то, что вы разрешили, с пределами и возможностью прекратить.
mandate-payee = Получатель
mandate-purpose = За что
mandate-each = За один раз не более
mandate-cap-day = В день не более
mandate-cap-week = В неделю не более
mandate-cap-month = В месяц не более
mandate-cap-year = В год не более
mandate-used = Списано за этот период
mandate-until = До
mandate-status-proposed = Запрошено
mandate-status-active = Действует
mandate-status-paused = Приостановлено
mandate-status-revoked = Прекращено
mandate-status-expired = Истекло
mandate-step-pause = Приостановить
mandate-step-resume = Возобновить
mandate-step-revoke = Прекратить
sheet-mandate = Разрешить списания
sheet-mandate-explained = Банк соблюдает эти пределы, о чём бы ни просила программа. Приостановить или прекратить можно в любой момент в разделе «Постоянные разрешения».
sheet-mandate-warning = Такие списания проходят, не спрашивая вас каждый раз.
sheet-mandate-confirm = Разрешить

# Купоны и акции
coupons = Купоны
coupons-none = Купонов нет
coupons-none-text = На этой странице стоят купоны, которые вы получили здесь или в программе.
coupon-offers = Можно получить
coupon-claim = Получить
coupon-claimed = Купон ваш.
coupon-what = Купон
coupon-worth = Скидка
coupon-minimum = При сумме от
coupon-from = от { $amount }
coupon-until = До
coupon-price = Цена
coupon-percent = { $percent }, не более { $most }
coupon-state-free = Готов
coupon-state-locked = В платеже
coupon-state-used = Использован
coupon-state-over = Истёк
coupon-state-offered = Не куплен
sheet-coupon = Купить купон
sheet-consent = Что вы передаёте
sheet-consent-explained = Программа просит сведения о вас, которые есть у банка. Отметьте те, которые хотите передать.
sheet-consent-required = обязательно для этого
sheet-consent-optional = можно не передавать
sheet-consent-withdraw = Отозвать можно в любой момент в разделе «Профиль».
sheet-consent-confirm = Передать отмеченное
consent-purpose = Для чего
consent-keep = Можно читать
consent-keep-days = { $n ->
    [one] { $n } день
    [few] { $n } дня
    [many] { $n } дней
   *[other] { $n } дня
}
consent-until = Не позднее
consent-granted = Действует
consent-declined = Отказано
consent-withdrawn = Отозвано
consent-expired = Истекло
consent-holds-until = Действует до: { $day }
consent-withdrawn-at = Отозвано: { $day }
consent-over-at = Истекло: { $day }
consent-declined-at = Отказано: { $day }
consent-reads = Кто что читал
consent-reads-none = Ничего не читали.
consent-reads-more = Есть и более ранние обращения.
consent-withdraw = Отозвать
consents-mine = Что программы знают обо мне
consents-mine-text = У кого что есть, кто это читал и как отозвать
consents-none = Ни у одной программы ничего нет
consents-none-text = Здесь появится то, что вы разрешите читать, и каждый случай чтения.
said-consent-withdrawn = Отозвано. Программа больше ничего из этого не прочитает.
list-comma = {", "}
claim-display-name = Как к вам обращаться
claim-legal-name = Имя по документам
claim-phone = Номер телефона
claim-email = Адрес электронной почты
claim-address = Адрес
claim-birth-date = Дата рождения
claim-identity-number = Номер удостоверения личности
claim-branch-manager = Имя руководителя вашего отделения

sheet-sign = Подтвердить ключом доступа
sheet-presence = Подтвердите, что это вы
sheet-presence-explained = Программа просит банк убедиться, что это вы.
sheet-presence-passkey = Ключ доступа подписывает именно это окно.
sheet-presence-password = У вас ещё нет ключа доступа: введите пароль. Ключ можно добавить в разделе «Профиль», с ним надёжнее и быстрее.
sheet-presence-none = У вас пока нет ничего, что банк принимает для этого. Добавьте ключ доступа в разделе «Профиль» и вернитесь.
sheet-presence-confirm = Это я

disclosures = Вопросы, на которые ответил банк
disclosure-line = { $question } { $value }
answer-yes = Да
answer-no = Нет
proof-over-age = Достигнут возраст:
proof-resident-of = Проживает в:
proof-member-of = Состоит в:
proof-has-account = Есть счёт вида:
proof-score-band-at-least = Группа оценки не ниже:
proof-suitable-for = Подходит уровень риска:
proof-guardian-of = Опекун другого клиента

sheet-agreement = Прочитать и подписать
sheet-agreement-amount = Сумма
sheet-agreement-documents = Прочитайте каждый документ, прежде чем подписать. Вы подписываете именно эти версии.
sheet-agreement-read = Документ «{ $title }» прочитан
sheet-agreement-confirm = Подписать
agreement-product = Продукт
agreement-risk = Уровень риска
agreement-cooling = Можно отказаться в течение
agreement-hours = { $n ->
    [one] { $n } часа
    [few] { $n } часов
    [many] { $n } часов
   *[other] { $n } часа
}
agreement-no-cooling = Отказаться нельзя
agreement-term = Срок
agreement-no-term = Бессрочно
agreement-digest = Контрольная сумма продукта
agreement-proposed = Не подписано
agreement-unsuitable = Не подходит
agreement-cooling-off = Можно отказаться
agreement-in-force = Действует
agreement-withdrawn = Отказ принят
agreement-ended = Завершено
agreement-back-until = Отказаться можно до: { $when }.
agreement-until = Действует до: { $when }.
agreement-documents = Документы
agreement-withdraw = Отказаться
agreements-mine = Мои договоры
agreements-none = Договоров нет
agreements-none-text = Здесь появится то, что вы подпишете с банком, вместе с документами.
payment-on-its-way = Другому банку или системе сообщено, ответа ещё нет. Он появится на этой странице; пожалуйста, не платите ещё раз.
payment-held = Банк проверяет этот платёж. Деньги зарезервированы; если решения не будет, они вернутся сами.
payment-authorised = Деньги зарезервированы для продавца, он заберёт их, когда заказ будет готов. Остаток вернётся сам.
payment-partly-captured = Продавец забрал часть; остальное ещё зарезервировано.
payment-no-fee = Для вас оплата бесплатна.
payment-expired = Время оплаты истекло. Ничего не списано.
payment-cancelled = Заказ отменён. Ничего не списано, зарезервированное снова свободно.
payment-cash-due = Заплатите продавцу наличными и попросите подтвердить. До этого ничего не оплачено; если вовремя этого не сделать, платёж завершится сам.
payment-in-cash = Оплачено наличными. Деньги через банк не проходили; этот чек — слово продавца, что он их получил.
payment-unknown = Итог пока неизвестен. Банк выясняет; пожалуйста, не платите ещё раз.
payment-left = От вашего лимита осталось { $amount }.
payment-since = Что было дальше
operation-capture-refused = Другая система отказала продавцу в списании
operation-refund-held = Возврат не удалось отправить обратно; банк хранит его для вас и свяжется с вами
operation-refund-to-account = Возврат не удалось отправить обратно; он на вашем счёте здесь
operation-cash-received = Продавец получил наличные
operation-capture = Списано продавцом
operation-refund = Возвращено
operation-cancel = Резерв снят
amount = Сумма
purpose = Назначение
merchant = Продавец
payout-returned = Вернулось: ваш счёт это не принял
tender-account = Счёт в этом банке
tender-cash = Наличные
sheet-tender = Способ оплаты
cards = Карты других банков
card = Карта
card-since = Добавлена
cards-empty = Карт пока нет
cards-empty-text = Добавленной картой другого банка можно платить в любом окне оплаты.
card-add = Добавить карту
card-add-text = Номер вводится на странице самой платёжной сети. Этот банк его не видит.
card-remove = Убрать
card-remove-text = Платить ею больше нельзя, и платёжная сеть её забудет. Возвраты по прежним платежам продолжатся.
said-card-bound = Карта добавлена.

disputes = Споры
disputes-mine = Мои споры
dispute = Спор
disputes-empty = Споров нет
disputes-empty-text = Здесь появятся оспоренные платежи.
dispute-open = Оспорить этот платёж
dispute-see = Ваш спор
dispute-open-text = Продавец отвечает в течение семи дней, решает головной офис. Спросить ничего не стоит.
dispute-words = Своими словами
dispute-send = Отправить
dispute-until = До
dispute-opened = Открыт
dispute-at-stake = Сумма спора
dispute-answer-by = Продавец ответит до
dispute-decide-by = Головной офис решит до
dispute-refunded = Возвращено
dispute-agrees = Клиент прав
dispute-late = Решение задерживается.
dispute-answer = Ответ
dispute-refund = Вернуть { $amount }
dispute-evidence = Доказательства
dispute-withdraw = Отозвать
dispute-withdraw-text = Отозванный спор снова открыть нельзя.
dispute-state-open = Открыт
dispute-state-answered = Есть ответ
dispute-state-unanswered = Без ответа
dispute-state-rejected = Отклонён
dispute-state-withdrawn = Отозван
dispute-side-customer = Клиент
dispute-side-merchant = Продавец
dispute-side-bank = Банк
dispute-reason-not-received = Не получено
dispute-reason-not-as-described = Не соответствует описанию
dispute-reason-wrong-amount = Неверная сумма
dispute-reason-paid-twice = Оплачено дважды
dispute-reason-not-me = Платёж совершил кто-то другой
dispute-reason-other = Другое
dispute-state-refunded = Возвращено
# Подарки
gifts = Подарки и выплаты
gifts-received = Получено
gifts-given = Подарено
gifts-none = Пока ничего
gifts-none-text = Здесь стоит то, что вам выплачивают программы, и доли красных конвертов, которые вы взяли.
envelope-share = Доля красного конверта
envelope-taken = Взято { $taken } из { $count }
envelope-state-open = Открыт
envelope-state-over = Завершён
envelope-count = Долей
envelope-way = Делится
envelope-equal = Поровну
envelope-random = Случайно
envelope-back = Что никто не возьмёт
envelope-back-after = { $n ->
    [one] вернётся вам через { $n } час
    [few] вернётся вам через { $n } часа
    [many] вернётся вам через { $n } часов
   *[other] вернётся вам через { $n } часа
}
envelope-total = Вы дарите
sheet-envelope = Подарить красный конверт
sheet-envelope-explained = Банк хранит деньги для тех, кто возьмёт долю.

# Пробный доступ
trials = Мини-программы на пробу, с учебными деньгами
trial-until = до: { $when }
audience-phone = Телефон
audience-web = Веб
audience-kiosk = Терминал
audience-chat = Чат
audience-embed = Страница партнёра
audience-other = Другое
consent-handed-over = отвечает { $owner } с: { $day }
direct-pay = Заплатить продавцу
direct-payee = Кому
direct-purpose = За что (можно не заполнять)
direct-go-on = К подтверждению платежа
pay-code = Платёжный код
pay-code-text = Код для одного платежа, действует одну минуту. В нём нет ни счёта, ни номера карты. Продавец сканирует его, а сумму вы подтверждаете здесь.
pay-code-show = Показать код
pay-code-anew = Другой код
pay-code-left = { $n ->
    [one] Действует ещё { $n } секунду, для одного платежа. Показывайте его только кассиру.
    [few] Действует ещё { $n } секунды, для одного платежа. Показывайте его только кассиру.
    [many] Действует ещё { $n } секунд, для одного платежа. Показывайте его только кассиру.
   *[other] Действует ещё { $n } секунды, для одного платежа. Показывайте его только кассиру.
}
pay-code-unasked = Небольшие суммы без вопросов
pay-code-unasked-text = Платежи по вашему коду до этой суммы проходят сразу, вместе не более { $day } в день. Правила банка всё равно могут потребовать подтверждения.
pay-code-ask-always = Всегда спрашивать
pay-code-up-to = До { $amount }
scan = Сканировать код
scan-text = Отсканируйте код продавца или вставьте его текст. Вы увидите, кому платите, до любой оплаты.
scan-code = Текст кода
till-amount = Сумма
notices-mail = Также по электронной почте
notices-mail-to = На { $address }
notices-mail-text = Тот же текст; в каждом письме есть ссылка, чтобы отписаться.
notices-mail-none = У банка нет адреса вашей электронной почты. Его могут записать в отделении.
notices-mail-bounced = Последнее письмо вернулось: такого адреса электронной почты нет. Обратитесь в отделение.
mail-open = Открыть
mail-why = Вы получили это письмо, потому что попросили банк присылать уведомления по электронной почте.
mail-stop = Больше не присылать писем
mail-stop-text = Банк перестанет присылать вам уведомления по электронной почте. Они останутся в приложении.
mail-stopped = Готово. Уведомлений по электронной почте больше не будет.
scan-camera = Включить камеру
scan-picture = Или изображение кода
scan-nothing = На этом изображении кода не найдено.
notices-as-visitor = Разрешено до входа
notices-as-visitor-text = Вы разрешили это как гость. Для вашей учётной записи это не действует, пока вы не разрешите снова.
notice-allow-again = Разрешить для моей учётной записи

kiosk-page = Страница { $n } из { $of }
kiosk-pages = Страницы
kiosk-previous = Назад
kiosk-next = Далее
chat-part = ({ $n }/{ $of }) Ответьте числом · назад · меню
chat-part-more = ({ $n }/{ $of }) Ответьте числом · «ещё» — дальше · меню
chat-form = Заполнить: { $what }
chat-form-elsewhere = { $what } (в телефоне)
chat-on-phone = { $what } (откроется в телефоне)
chat-image = [изображение: { $alt }]
chat-code = Код
chat-ask-one = Ответьте числом.
chat-ask-many = Ответьте одним или несколькими числами, например: 1 3.
chat-ask-toggle = 1 да · 2 нет
chat-ask-date = Ответьте датой, например: 2026-11-27.
chat-ask-number = Ответьте числом от { $from } до { $to }.
chat-skip = «пропустить» — оставить пустым.
chat-skip-keeps = «пропустить» — оставить «{ $value }».
chat-back = «назад» — на шаг назад.
chat-send = Ответьте номером того, что хотите сделать, или «назад», чтобы изменить ответ.
chat-yes = да
chat-no = нет
chat-programs = Что вы хотите сделать?
chat-programs-linked = Ответьте числом. «телефон» — продолжить в телефоне.
chat-programs-link = Ответьте числом. Чтобы платить и видеть своё, привяжите этот чат: получите код в приложении банка в разделе «Профиль» и введите его здесь.
chat-sheet = 🔒 Вас спрашивает банк
chat-you-pay = Вы платите { $amount }
chat-confirm-pay = оплатить { $amount }
chat-confirm = Чтобы подтвердить ({ $what }), ответьте { $word }. «нет» — отказаться.
chat-sheet-elsewhere = Это подтверждается только в телефоне: ответьте «телефон». «нет» — отказаться.
chat-elsewhere = Продолжите в телефоне: { $address } · или введите код { $code } на терминале. Он действует две минуты, один раз.
chat-not-understood = Я не понял.
chat-unfit = Это сюда не подходит.
chat-changed = Тем временем всё изменилось. Ничего не сделано; вот как обстоят дела сейчас.
chat-too-long = Слишком длинно: не больше 2000 знаков, пожалуйста.
chat-wrong-number = Это не то число, что выше. Ничего не подтверждено.
chat-elsewhere-kiosk = Введите код { $code } на терминале банка в течение двух минут. Чтобы продолжить в телефоне, сначала привяжите этот чат.
chat-linked = Теперь этот чат ваш, { $name }. Прекратить это можно в приложении банка в разделе «Профиль».

elsewhere = В другом месте
elsewhere-text = Пользуйтесь банком на терминале или в чате или продолжите здесь то, что начали там.
handover = Продолжить в другом месте
handover-text = Введите этот код на терминале, в своём чате или отсканируйте его другим своим телефоном.
handover-kiosk = Войти на терминале
handover-kiosk-text = Введите этот код на терминале. Вы войдёте там на одно посещение.
handover-chat = Привязать чат
handover-chat-text = Напишите этот код банку в своём чате. С этого момента чат ваш, и из него можно платить небольшие суммы.
handover-code = Код из шести цифр
handover-lasts = Действует две минуты, один раз. Никому его не сообщайте.
handover-taken = Продолжается там.
handover-over = Этот код больше не действует. Получите новый.
handover-away = Вы продолжили в другом месте: { $place }
handover-away-text = Завершите там или верните сюда. Тем временем здесь ничего не решается.
handover-back = Продолжить здесь
continue = Продолжить здесь
continue-text = Введите шесть цифр, которые показывает терминал или чат.
kiosk = Терминал
kiosk-token = Токен устройства
kiosk-device = Это устройство пока не терминал
kiosk-device-text = Сотрудник отделения регистрирует его в консоли и вводит здесь его токен.
kiosk-device-go = Сделать терминалом
kiosk-begin = Начать здесь
kiosk-begin-text = Без входа. О вас ничего не останется.
kiosk-phone = С телефоном
kiosk-phone-text = В приложении банка, раздел «Профиль»: войти на терминале. Или в мини-программе: продолжить в другом месте. Введите шесть цифр здесь.
kiosk-hello = Здравствуйте, { $name }
kiosk-hello-visitor = Здравствуйте
kiosk-leave = Завершить
kiosk-cover = Закрыть экран
kiosk-covered = Экран закрыт. Коснитесь, чтобы продолжить.
kiosk-to-phone = В телефон
kiosk-to-phone-text = Отсканируйте это телефоном или введите код: Профиль › Продолжить здесь.
kiosk-still-there = Вы ещё здесь?
kiosk-wipes = Иначе всё здесь будет забыто и ничего не будет оплачено.
kiosk-here = Да, продолжить
kiosk-document = Чтобы прочитать, продолжите в телефоне.
kiosk-show = Показать
keypad = Клавиатура
keypad-done = Готово
keypad-delete = Удалить
keypad-space = Пробел
keypad-shift = Заглавные буквы
chat = Чат
chat-say = Напишите сообщение
chat-send-now = Отправить
chat-none = Поздоровайтесь и выбирайте числами.
chat-choices = Варианты
chat-unsent = Сообщение не дошло. Оно снова в поле ввода: попробуйте ещё раз.
zone-chosen = Для вас
zone-programs = Все мини-программы
zone-cards = Карточки
zone-cards-empty = Сейчас карточек нет
zone-cards-empty-text = Здесь появится то, что выбрало это отделение.

how-app = Приложение банка
how-embed = Страница партнёра
embed-secure = Это вводится только в собственном окне банка. Нажмите ниже «Открыть в банке».
embed-popup = Браузер не открыл окно банка. Разрешите его и повторите.
embed-asks = { $bank } просит продолжить на своей странице
embed-asks-text = Оплата, согласия и подписи — там, где видно, что это банк. Потом вы вернётесь сюда.
embed-go-on = Продолжить в банке
embed-not-now = Не сейчас
embed-away = Вы продолжили здесь: { $bank }
embed-away-text = Завершите там. Здесь можно начать заново.
embed-by = От банка { $bank }
embed-open = Открыть в банке
partner-go-on = Продолжить начатое
partner-from = Вы начали это на странице: { $from }. Банк знает её под адресом:
partner-visit = Продолжить
partner-sign-in = Войти и продолжить
partner-sign-in-text = Чтобы платить со своего счёта, войдите. Мини-программа откроется для вас заново, с тем, что она сохранила.
partner-anew = Вы уже вошли. Мини-программа откроется для вас; введённое на другой странице останется там.
partner-as = Продолжить как { $name }
app-ticket = Открываем страницы банка
app-ticket-none = Откройте это в приложении банка
app-ticket-none-text = Этот вход — только для приложения, которое его запросило. Закройте страницу и откройте её оттуда или войдите здесь.
app-ticket-back = Назад

launch-without = Открыть без кода
launch-scan-again = Сканировать снова
favourites = Избранное
favourites-empty = Нажмите на звезду — и мини-программа будет здесь.
favourite-keep = Добавить { $name } в избранное
favourite-drop = Убрать { $name } из избранного
favourite-in = В избранное
favourite-out = Убрать из избранного
search-all = Поиск мини-программ и материалов
found-programs = { $n ->
    [one] { $n } мини-программа
    [few] { $n } мини-программы
    [many] { $n } мини-программ
   *[other] { $n } мини-программы
}
found-content = { $n ->
    [one] { $n } материал
    [few] { $n } материала
    [many] { $n } материалов
   *[other] { $n } материала
}
found-content-only = Мини-программы с таким названием нет; посмотрите материалы ниже.
chart-table = Данные
