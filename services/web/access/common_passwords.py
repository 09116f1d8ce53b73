"""The passwords that guessing begins with, as far as they are long enough to be taken at all."""

from __future__ import annotations

_LISTED = """
0123456789 1234567890 0987654321 9876543210 12345678910 123456789a 123456789q 1234567891
123456789123 123123123123 1231231231 1122334455 1029384756 1234554321 1234512345 147258369
1472583690 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 1qazxsw23edc q1w2e3r4t5 q1w2e3r4t5y6
qwertyuiop qwertyuiop123 qwerty12345 qwerty123456 qwerty1234 qwerty123! qwertyqwerty
qwertzuiop asdfghjkl123 asdfghjklm asdfasdfasdf zxcvbnm123 azertyuiop azerty1234 password01
password12 password123 password1234 password12345 password123! password1! password2024
password2025 password2026 password!! passwordpassword passw0rd123 p@ssw0rd123 p@ssword123
p@ssw0rd1234 mypassword thepassword newpassword yourpassword changepassword changeme123
changeme1234 changemenow letmein123 letmein1234 letmeinnow welcome123 welcome1234 welcome2024
welcome2025 welcome2026 administrator admin12345 admin123456 admin1234! adminadmin
administrator1 rootrootroot testtest123 test123456 test1234567 testpassword iloveyou123
iloveyou12 iloveyou1234 iloveyouso iloveyou2u sunshine123 princess123 football123 baseball123
basketball superman123 batman1234 dragon1234 monkey1234 master1234 michael123 jennifer123
charlie123 liverpool1 liverpool123 chelsea123 barcelona1 barcelona123 juventus123 manchester
manchester1 motherfucker fuckyou123 trustno1trustno1 starwars123 whatever123 computer123
internet123 samsung123 abcdefghij abcdefghijk abcdefg123 abcd123456 abc123456789 abcabcabc123
a123456789 a1234567890 aa12345678 aa123456789 qq123456789 1a2b3c4d5e woaini1314 woaini520520
5201314520 summer2024 summer2025 summer2026 winter2024 winter2025 winter2026 spring2025
spring2026 autumn2025 autumn2026 passwort123 passwort1234 hallo12345 willkommen willkommen1
willkommen123 schatz1234 motdepasse motdepasse1 motdepasse123 bonjour123 bonjour1234
soleil1234 jetaime123 contraseña contrasena123 helpdesk123 helpdesk1234 support123 support1234
casewire123 casewire1234
"""

COMMON = frozenset(_LISTED.split())
