"""The words of which telephones and programs make the line that they sign with."""

from __future__ import annotations

# How it begins, in lower case.
SENDING = (
    *("sent from", "sent via", "sent with", "sent using", "sent by", "get outlook for"),
    *("gesendet von", "gesendet mit", "gesendet aus", "gesendet über", "holen sie sich outlook"),
    *("laden sie outlook", "envoyé de", "envoyé depuis", "envoyé à partir", "envoyé avec"),
    *("obtenir outlook", "télécharger outlook", "téléchargez outlook", "enviado desde"),
    *("enviado con", "obtener outlook", "descargar outlook", "enviado do", "enviado a partir"),
    *("enviado pelo", "enviado de", "enviado via", "obter o outlook", "obter outlook"),
    *("inviato da", "inviato dal", "inviato con", "ottieni outlook", "scarica outlook"),
    *("verzonden vanaf", "verzonden met", "verzonden via", "verzonden van", "verstuurd vanaf"),
    *("verstuurd met", "download outlook", "wysłane z", "wysłano z", "pobierz outlook"),
    *("pobierz aplikację outlook", "pobierz program outlook", "skickat från", "skickat med"),
    *("skickades från", "hämta outlook", "sendt fra", "sendt via", "sendt med", "hent outlook"),
    *("få outlook", "skaff deg outlook", "lähetetty", "hanki outlook", "lataa outlook"),
    *("отправлено с", "отправлено из", "отправлено через", "получить outlook", "скачать outlook"),
    *("загрузить outlook", "скачайте outlook", "получите outlook", "obtén outlook"),
    *("obtenha o outlook", "uzyskaj aplikację outlook", "verzonden vanuit"),
)
# How it ends where it begins by the name.
SENT = ("gesendet", "beziehen", "herunterladen", "downloaden")
NAMES = (
    *("iphone", "ipad", "ipod", "samsung", "galaxy", "huawei", "xiaomi", "redmi", "oneplus"),
    *("android", "blackberry", "outlook", "yahoo", "proton", "windows", "gmail", "k-9", "k9"),
    *("fairemail", "thunderbird", "zoho", "aol", "gmx", "web.de", "mail.ru", "yandex", "nokia"),
    *("xperia", "motorola", "aquamail", "bluemail", "spark", "superhuman", "airmail", "canary"),
    *("tutanota", "honor", "oppo", "realme", "mailbird", "mymail", "orange"),
    *("qq邮箱", "网易邮箱", "华为", "小米"),
)
# What else may stand in it. Any other word makes it a sentence of somebody's.
OTHERS = frozenset(
    {
        *("my", "a", "the", "for", "on", "with", "via", "from", "and", "ios", "mail", "email"),
        *("e-mail", "app", "mobile", "phone", "smartphone", "device", "tablet", "handheld"),
        *("wireless",),
        *("secure", "pro", "plus", "ultra", "max", "mini", "note", "edge", "fold", "flip", "lite"),
        *("air", "se", "sent", "apple", "microsoft", "mac", "verizon", "at&t"),
        *("t-mobile", "an", "search", "organize", "conquer", "e-mail-app", "application", "posta"),
        *("poczta", "w", "systemie", "sähköpostista", "яндекс", "vanuit"),
        *("meinem", "meiner", "von", "mit", "aus", "auf", "für", "der", "dem", "gerät", "handy"),
        *("mobiltelefon", "telefon", "mobil", "diese", "nachricht", "wurde", *SENT),
        *("mon", "ma", "de", "depuis", "pour", "sur", "téléphone", "portable", "appareil"),
        *("courrier", "l'application", "mi", "desde", "para", "en", "móvil", "dispositivo"),
        *("teléfono", "celular", "correo", "mio", "dal", "da", "per", "su", "cellulare"),
        *("telefono", "mijn", "voor", "op", "van", "toestel", "telefoon", "mobiel", "meu"),
        *("minha", "do", "no", "telemóvel", "z", "mojego", "dla", "na", "telefonu", "systemu"),
        *("urządzenia", "smartfona", "aplikacji", "poczty", "programu", "min", "för", "från"),
        *("enhet", "enhed", "fra", "til", "på", "с", "моего", "на", "для", "из", "телефона"),
        *("устройства", "мобильной", "почты", "мобильного", "laitteesta", "puhelimesta"),
    }
)
# Chinese and Japanese, which part no words: whole, {name} standing for each of the names.
WITHOUT_SPACES = (
    r"(?:发自|發自|发送自|傳送自|寄自)(?:我的)? ?(?:{name}) ?(?:手机|手機)?",
    r"[从從]我的 ?(?:{name}) ?(?:手机|手機)? ?(?:发送|發送|傳送)",
    r"(?:私の)?(?:{name})(?:の(?:yahoo!?メール|gmail))?から送信",
    r"(?:获取|獲取|取得|下载|下載) ?(?:(?:ios|android) ?版 ?)?outlook(?: for (?:ios|android))?",
    r"outlook for (?:ios|android) ?を入手",
)
