namespace Volna.Simulation;

/// <summary>Invented brands, none of them a real one to our knowledge.</summary>
static class Brands
{
    public static readonly Text[] All =
    [
        new("Hedgehog Lane", "Ежовый переулок"), new("Copper Kettle Hill", "Медный пригорок"), new("Fir Mile", "Хвойная миля"), new("Fifth Cellar", "Пятый погреб"),
        new("Rye Tomcat", "Ржаной котофей"), new("Salt Cart", "Соляная телега"), new("Wind and Linen", "Ветер и лён"), new("Quiet Backwater", "Тихая заводинка"),
        new("Seven Clearings", "Семь просек"), new("Thrice-Nine Table", "Тридевятый стол"), new("Blue Mitten", "Синяя варежка"), new("Amber Sled", "Янтарные санки"),
        new("Noon by the River", "Полдень у речки"), new("Old Ferry", "Старый паромчик"), new("Grandma's Attic", "Бабушкин чердачок"), new("Northern Lantern", "Северный фонарик"),
        new("Crane and Well", "Журавль и колодец"), new("Wooden Whistle", "Деревянная свистулька"), new("Birch Postman", "Берёзовый почтальон"), new("Meadow Clock", "Луговые часы"),
        new("Three Verandas", "Три верандочки"), new("Snow Teapot", "Снежный чайничек"), new("Ninth Wave House", "Дом девятой волны"), new("Cloudberry Gate", "Морошкины ворота"),
        new("Tin Sparrow", "Жестяной воробушек"), new("Harvest Tram", "Урожайный трамвай"), new("Oak Button", "Дубовая пуговка"), new("Mossy Stair", "Мшистая лесенка"),
        new("Sunday Market Square", "Воскресный торжок"), new("Honey Compass", "Медовый компас"), new("Long Sunset", "Долгий закатник"), new("Two Kingfishers", "Два зимородочка"),
        new("Frost Ladle", "Морозный ковшик"), new("Plum Umbrella", "Сливовый зонтик"), new("Round Yard", "Круглый дворик"), new("Hundredth Verst", "Сотая верстушка"),
        new("Linden Pocket", "Липовый кармашек"), new("Silver Samovar Lane", "Переулок самоваров"), new("Barn Owl Mill", "Мельница сипухи"), new("Far Jetty", "Дальние мосточки"),
        new("Carved Window", "Резное окошечко"), new("Warm Threshold", "Тёплый порожек"), new("Sorrel Horse", "Гнедая лошадушка"), new("Star Over the Barn", "Звезда над овином"),
        new("Rowan Quarter", "Рябиновый квартальчик"), new("Clay Cockerel", "Глиняный кочеток"), new("Winter Pier", "Зимний причальчик"), new("Patchwork Hill", "Лоскутная горка"),
    ];
}
