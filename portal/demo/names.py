"""Names that could be anybody's: put together from short lists, no person meant."""

from random import Random

SURNAMES: tuple[str, ...] = (
    *"李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡",
    *"贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤",
    "欧阳",
    "上官",
)
GIVEN_OF_MEN: tuple[str, ...] = (
    *("志远", "建国", "海涛", "文博", "子轩", "宇航", "俊杰", "立新", "晓峰", "国栋", "明哲"),
    *("嘉树", "承泽", "永康", "振宇", "思齐", "弘毅", "泽民", "君浩", "景行", "牧之", "望舒"),
    *("伟", "磊", "勇", "斌", "超", "鹏", "凯", "钧", "昊", "淮", "峥", "朗"),
)
GIVEN_OF_WOMEN: tuple[str, ...] = (
    *("雅琴", "秀兰", "晓燕", "诗涵", "欣怡", "梦洁", "若曦", "静姝", "婉清", "书瑶", "佳宁"),
    *("慧敏", "丽华", "文君", "思雨", "语桐", "采薇", "令仪", "知夏", "安然", "念慈", "映雪"),
    *("敏", "静", "娜", "婷", "颖", "琳", "蕾", "瑾", "岚", "晴", "芸", "筠"),
)
_COMPANY_PLACES: tuple[str, ...] = ("杭州", "浙江", "余杭", "萧山", "临安", "富阳")
_COMPANY_NAMES: tuple[str, ...] = (
    *("云栖", "澄湖", "远帆", "禾木", "启程", "锦程", "融达", "安瑞", "博衡", "青石"),
    *("新桥", "木兰", "长宁", "天目", "宏川", "若水", "良渚", "西泠", "一苇", "江南"),
)
_COMPANY_TRADES: tuple[str, ...] = (
    *("物流有限公司", "建设工程有限公司", "贸易有限公司", "科技有限公司", "酒店管理有限公司"),
    *("医疗器械有限公司", "文化传媒有限公司", "会计师事务所", "装饰设计有限公司", "旅行社有限公司"),
)
_ROADS = (
    *("文澜路", "古墩路", "紫金街", "望江东路", "平澜路", "莫干巷", "花坞路", "溪上街"),
    *("竹海大道", "荷塘弄", "山晓路", "之江里"),
)
_DISTRICTS = ("西湖区", "拱墅区", "上城区", "滨江区", "余杭区", "萧山区", "临平区", "钱塘区")


class Names:
    """Draws names, each full name once."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self._used: set[str] = set()

    def person(self, sex: str) -> str:
        """A full name for somebody of this sex."""
        given: tuple[str, ...] = GIVEN_OF_WOMEN if sex == "female" else GIVEN_OF_MEN
        while True:
            name = self.chance.choice(SURNAMES) + self.chance.choice(given)
            if name not in self._used:
                self._used.add(name)
                return name

    def company(self, number: int) -> str:
        """The name of the n-th company."""
        name = _COMPANY_NAMES[number % len(_COMPANY_NAMES)]
        return self.chance.choice(_COMPANY_PLACES) + name + self.chance.choice(_COMPANY_TRADES)

    def address(self) -> str:
        """An address in the city on a road that only sounds like one."""
        place = f"杭州市{self.chance.choice(_DISTRICTS)}{self.chance.choice(_ROADS)}"
        home = f"{self.chance.randint(1, 28)} 幢 {self.chance.randint(201, 2404)} 室"
        return f"{place} {self.chance.randint(1, 480)} 号 {home}"
