"""The words by which mail programs head what they quote.

In the languages of Europe, in Turkish, Hebrew, Arabic, Chinese, Japanese and Korean; each as
Outlook, Gmail, Apple Mail, Thunderbird, Yahoo or Notes writes it.
"""

from __future__ import annotations

# "On … Ann wrote:"; in front of the colon or within the line.
WROTE = (
    *("wrote", "schrieb", "geschrieben", "a écrit", "escribió", "ha scritto", "schreef"),
    *("geschreven", "escreveu", "napisał", "napisała", "napisał(a)", "pisze", "skrev"),
    *("kirjoitti", "пишет", "писал", "писала", "писал(а)", "написал", "написала", "написал(а)"),
    *("написав", "написала", "пише", "napsal", "napsala", "napsal(a)", "napísal", "napísal(a)"),
    *("píše", "ezt írta", "írta", "şunu yazdı", "yazdı", "έγραψε", "a scris", "님이 작성"),
    *("כתב", "כתבה", "כתב/ה", "كتب", "كتبت", "写道", "寫道", "のメール", "のメッセージ"),
    *("は書きました", "さんは書きました"),
)
# How such a line begins, in lower case; in Chinese and Japanese with the date or a name.
OPENERS = (
    *("on", "am", "le", "el", "il", "op", "em", "dnia", "w dniu", "den", "d.", "在", "於", "于"),
    *("pon.", "wt.", "śr.", "czw.", "pt.", "sob.", "niedz."),
    *("dne", "στις", "בתאריך", "في", "la", "în"),
    *("man.", "tirs.", "ons.", "tors.", "fre.", "lør.", "søn.", "mån", "tis", "tors", "lör"),
)
# How Horde and old programs begin, in front of a name and an address.
QUOTING = ("quoting", "zitat von", "citando", "citeren", "citerar", "cytowanie", "citing")
# Between dashes, or alone in Apple Mail, which ends it by a colon.
SEPARATORS = (
    *("original message", "forwarded message", "begin forwarded message", "reply message"),
    *("ursprüngliche nachricht", "originalnachricht", "original-nachricht"),
    *("weitergeleitete nachricht", "anfang der weitergeleiteten nachricht"),
    *("anfang der weitergeleiteten e-mail", "message d'origine", "message original"),
    *("message transféré", "message d’origine", "début du message réexpédié"),
    *("début du message transféré", "mensaje original", "mensaje reenviado"),
    *("inicio del mensaje reenviado", "messaggio originale", "messaggio inoltrato"),
    *("inizio messaggio inoltrato", "oorspronkelijk bericht", "origineel bericht"),
    *("doorgestuurd bericht", "begin doorgestuurd bericht", "mensagem original"),
    *("mensagem encaminhada", "início da mensagem reencaminhada", "wiadomość oryginalna"),
    *("oryginalna wiadomość", "treść oryginalnej wiadomości", "wiadomość przekazana dalej"),
    *("ursprungligt meddelande", "originalmeddelande", "vidarebefordrat meddelande"),
    *("vidarebefordrat brev", "oprindelig meddelelse", "videresendt besked"),
    *("videresendt meddelelse", "元のメッセージ", "オリジナルメッセージ", "転送メッセージ"),
    *("opprinnelig melding", "videresendt melding", "alkuperäinen viesti"),
    *("välitetty viesti", "исходное сообщение", "пересылаемое сообщение"),
    *("пересланное сообщение", "оригінальне повідомлення", "původní zpráva", "původní e-mail"),
    *("přeposlaná zpráva", "pôvodná správa", "eredeti üzenet", "továbbított üzenet"),
    *("orijinal mesaj", "özgün ileti", "i̇letilen mesaj", "αρχικό μήνυμα"),
    *("mesaj original", "원본 메시지", "원본 메일", "전달된 메시지", "הודעה מקורית"),
    *("الرسالة الأصلية", "antwort nachricht", "weitergeleitete e-mail"),
    *("原始邮件", "原始郵件", "转发邮件", "轉寄郵件", "转发的邮件", "回复的原邮件"),
)
