"""The live engine: what changed on which board, told to everyone who watches it. It knows no slice.

announce() → after the commit, the bus → in every process, the board → one message per tick and audience.
"""

from campaign.live.announcing import Numbers, announce, board_seq, numbers_of
from campaign.live.board import Audience
from campaign.live.boards import boards
from campaign.live.news import News

__all__ = ["Audience", "News", "Numbers", "announce", "board_seq", "boards", "numbers_of"]
