"""The words by which mail programs head what they quote.

English, German, French, Spanish, Italian, Dutch, Portuguese, Polish, Swedish, Danish, Japanese
and Chinese; each as Outlook, Gmail, Apple Mail, Thunderbird, Yahoo or Notes writes it.
"""

from __future__ import annotations

# "On … Ann wrote:"; in front of the colon or within the line.
WROTE = (
    *("wrote", "schrieb", "geschrieben", "a écrit", "escribió", "ha scritto", "schreef"),
    *("geschreven", "escreveu", "napisał", "napisała", "napisał(a)", "pisze", "skrev"),
    *("写道", "寫道", "のメール", "のメッセージ", "は書きました", "さんは書きました"),
)
# How such a line begins, in lower case; in Chinese and Japanese with the date or a name.
OPENERS = (
    *("on", "am", "le", "el", "il", "op", "em", "dnia", "w dniu", "den", "d.", "在", "於", "于"),
    *("pon.", "wt.", "śr.", "czw.", "pt.", "sob.", "niedz."),
    *("man.", "tirs.", "ons.", "tors.", "fre.", "lør.", "søn.", "mån", "tis", "tors", "lör"),
)
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
    *("原始邮件", "原始郵件", "转发邮件", "轉寄郵件", "转发的邮件", "回复的原邮件"),
)
FROM = frozenset(
    {
        *("from", "von", "de", "da", "van", "od", "från", "fra", "expéditeur", "mittente"),
        *("差出人", "发件人", "發件人", "寄件者", "寄件人"),
    }
)
SENT = frozenset(
    {
        *("sent", "date", "gesendet", "datum", "envoyé", "envoyé le", "enviado", "enviado el"),
        *("fecha", "inviato", "data", "verzonden", "enviada em", "enviado em", "enviada"),
        *("wysłano", "wysłane", "skickat", "sendt", "dato", "送信日時", "日付", "日時"),
        *("发送时间", "發送時間", "傳送時間", "寄件日期", "日期", "时间"),
    }
)
TO = frozenset(
    {
        *("to", "an", "à", "a", "para", "aan", "do", "till", "til", "destinataire"),
        *("宛先", "收件人", "收件者"),
    }
)
SUBJECT = frozenset(
    {
        *("subject", "betreff", "objet", "asunto", "oggetto", "onderwerp", "assunto", "temat"),
        *("ämne", "emne", "件名", "主题", "主題", "主旨"),
    }
)
