"""The labels of the block of headers that mail programs put above what they quote.

Outlook, Notes and others write it in the language of their user: "Von: … Gesendet: … An: …".
"""

from __future__ import annotations


def _folded(*words: str) -> frozenset[str]:
    """Words as they are looked up: Greek ends them by another letter when it stands in capitals."""
    return frozenset(word.casefold() for word in words)


FROM = _folded(
    *("from", "von", "de", "da", "van", "od", "från", "fra", "expéditeur", "mittente"),
    *("lähettäjä", "feladó", "expeditor", "gönderen", "kimden", "от", "от кого", "від"),
    *("odesílatel", "odosielateľ", "από", "差出人", "送信者", "发件人", "發件人", "寄件者"),
    *("寄件人", "보낸 사람", "보낸사람", "מאת", "من"),
)
SENT = _folded(
    *("sent", "date", "gesendet", "datum", "envoyé", "envoyé le", "enviado", "enviado el"),
    *("fecha", "inviato", "data", "verzonden", "enviada em", "enviado em", "enviada"),
    *("wysłano", "wysłane", "skickat", "sendt", "dato", "lähetetty", "päivämäärä"),
    *("päiväys", "elküldve", "dátum", "odesláno", "odoslané", "dátum odoslania", "στάλθηκε"),
    *("ημερομηνία", "gönderilme", "gönderildi", "tarih", "отправлено", "дата", "надіслано"),
    *("trimis", "送信日時", "日付", "日時", "发送时间", "發送時間", "傳送時間", "寄件日期"),
    *("发送日期", "日期", "时间", "보낸 날짜", "날짜", "נשלח", "תאריך", "التاريخ", "تاريخ"),
    *("تم الإرسال",),
)
TO = _folded(
    *("to", "an", "à", "a", "para", "aan", "do", "till", "til", "destinataire", "cc", "kopie"),
    *("vastaanottaja", "címzett", "komu", "προς", "kime", "кому", "către", "copie"),
    *("宛先", "收件人", "收件者", "받는 사람", "받는사람", "אל", "إلى"),
)
SUBJECT = _folded(
    *("subject", "betreff", "objet", "asunto", "oggetto", "onderwerp", "assunto", "temat"),
    *("ämne", "emne", "aihe", "tárgy", "předmět", "predmet", "θέμα", "konu", "тема"),
    *("subiect", "件名", "主题", "主題", "主旨", "제목", "נושא", "الموضوع"),
)
