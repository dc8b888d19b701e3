using System.Globalization;
using Volna.Intake.Catalog;

namespace Volna.Simulation;

/// <summary>What is true of a category of goods: its place in the tree, prices in rubles, how long a pack lasts, who buys it and when.</summary>
/// <param name="CycleDays">How long one pack lasts a customer who uses it.</param>
/// <param name="Reach">Share of customers who use it at all.</param>
/// <param name="PeakWeek">Week of the year with the highest demand.</param>
/// <param name="Swing">What the peak adds to the log-odds of buying, and the trough takes away.</param>
/// <param name="ByWeight">True where it is sold by the kilogram.</param>
/// <param name="Tags">Law and ethics speak of them; <c>baby</c>, <c>cat</c>, <c>dog</c> tell which homes need it.</param>
sealed record CategoryTraits(
    Text Department, Text Group, Text Name, double PriceLow, double PriceHigh, double Margin, double CycleDays, double Reach, int PeakWeek, double Swing,
    bool ByWeight, string[] Tags, FloorPolicy Floor, Text[] Variants, Text[] Sizes)
{
    public Text Path => new($"{Department.English}/{Group.English}/{Name.English}", $"{Department.Russian}/{Group.Russian}/{Name.Russian}");

    /// <summary>What a home must have to need it.</summary>
    public HomeHas Asks { get; } = Tags.Contains("baby") ? HomeHas.Baby : Tags.Contains("cat") ? HomeHas.Cat : Tags.Contains("dog") ? HomeHas.Dog
        : Tags.Contains("tobacco") ? HomeHas.Smoker : Tags.Contains("alcohol") ? HomeHas.Drinker : HomeHas.Anything;

    public bool IsFood { get; } = Department.English is not ("Home" or "Beauty and hygiene");

    // department; group; category; price low-high; margin; cycle; reach; peak week; swing; sizes; tags; variants
    const string Table = """
        Dairy=Молочные продукты; Milk and kefir=Молоко и кефир; Milk=Молоко; 62-140; .22; 6; .88; 1; 0; 930 ml=930 мл|1.4 l=1,4 л; milk; 2.5%=2,5 %|3.2%=3,2 %|whole=отборное|baked=топлёное
        Dairy=Молочные продукты; Milk and kefir=Молоко и кефир; Kefir=Кефир; 58-120; .24; 8; .6; 26; .1; 500 g=500 г|930 g=930 г; milk; 1%=1 %|2.5%=2,5 %|3.2%=3,2 %|with bifidus=с бифидобактериями
        Dairy=Молочные продукты; Milk and kefir=Молоко и кефир; Ryazhenka=Ряженка; 60-130; .25; 12; .35; 1; 0; 450 g=450 г|930 g=930 г; milk; 2.5%=2,5 %|4%=4 %|village=деревенская
        Dairy=Молочные продукты; Yoghurt and curd=Йогурты и творог; Yoghurt=Йогурт; 35-110; .3; 5; .7; 24; .1; 120 g=120 г|260 g=260 г; milk; strawberry=клубничный|peach=персиковый|plain=натуральный|blueberry=черничный|vanilla=ванильный
        Dairy=Молочные продукты; Yoghurt and curd=Йогурты и творог; Curd=Творог; 85-190; .24; 8; .65; 1; 0; 180 g=180 г|350 g=350 г; milk; 5%=5 %|9%=9 %|fat-free=обезжиренный|grained=зернёный
        Dairy=Молочные продукты; Yoghurt and curd=Йогурты и творог; Glazed curd bar=Глазированный сырок; 30-70; .32; 6; .45; 1; 0; 40 g=40 г|50 g=50 г; milk; vanilla=ванильный|with condensed milk=со сгущёнкой|chocolate=шоколадный|potato-cake=картошка
        Dairy=Молочные продукты; Butter, cheese, eggs=Масло, сыр, яйца; Butter=Сливочное масло; 160-330; .18; 16; .8; 1; .1; 180 g=180 г|400 g=400 г; milk; 72.5%=72,5 %|82.5%=82,5 %|peasant=крестьянское
        Dairy=Молочные продукты; Butter, cheese, eggs=Масло, сыр, яйца; Hard cheese=Твёрдый сыр; 190-520; .24; 12; .72; 52; .1; 200 g=200 г|400 g=400 г; milk; mild=сливочный|mature=выдержанный|Dutch style=голландский|with holes=с дырочками
        Dairy=Молочные продукты; Butter, cheese, eggs=Масло, сыр, яйца; Soft cheese=Мягкий сыр; 140-380; .28; 18; .35; 1; 0; 150 g=150 г|250 g=250 г; milk; with herbs=с зеленью|creamy=творожный|brined=рассольный
        Dairy=Молочные продукты; Butter, cheese, eggs=Масло, сыр, яйца; Eggs=Яйца; 85-150; .12; 10; .85; 15; .2; 10 pcs=10 шт.|20 pcs=20 шт.; eggs; C1=С1|C0=С0|selected=отборные
        Dairy=Молочные продукты; Butter, cheese, eggs=Масло, сыр, яйца; Sour cream=Сметана; 65-150; .24; 10; .66; 1; 0; 180 g=180 г|350 g=350 г; milk; 15%=15 %|20%=20 %|25%=25 %
        Bread=Хлеб и выпечка; Bread=Хлеб; Wheat loaf=Батон пшеничный; 35-75; .25; 4; .8; 1; 0; 350 g=350 г|400 g=400 г; ; sliced=нарезной|with bran=с отрубями|milk=молочный|home=домашний
        Bread=Хлеб и выпечка; Bread=Хлеб; Rye bread=Ржаной хлеб; 38-85; .26; 5; .68; 1; 0; 300 g=300 г|650 g=650 г; ; with caraway=с тмином|custard=заварной|with seeds=с семечками|dark=тёмный
        Bread=Хлеб и выпечка; Bread=Хлеб; Lavash=Лаваш; 40-90; .32; 10; .38; 26; .3; 150 g=150 г|300 g=300 г; ; thin=тонкий|Georgian=грузинский|with cheese=с сыром
        Bread=Хлеб и выпечка; Pastry=Выпечка; Bun=Булочка; 25-70; .4; 5; .45; 1; 0; 80 g=80 г|200 g=200 г; ; with poppy seed=с маком|with cinnamon=с корицей|with raisins=с изюмом|curd=с творогом
        Bread=Хлеб и выпечка; Pastry=Выпечка; Cake=Торт; 280-750; .35; 35; .35; 52; .4; 500 g=500 г|900 g=900 г; ; honey=медовый|curd=творожный|chocolate=шоколадный|waffle=вафельный
        Bread=Хлеб и выпечка; Pastry=Выпечка; Gingerbread=Пряники; 70-160; .3; 16; .35; 1; .2; 300 g=300 г|500 g=500 г; ; mint=мятные|honey=медовые|with jam=с повидлом
        Meat and fish=Мясо и рыба; Poultry=Птица; Chicken=Курица; 190-420; .16; 8; .75; 1; 0; kg=кг; meat; fillet=филе|thighs=бёдра|wings=крылья|whole=тушка
        Meat and fish=Мясо и рыба; Poultry=Птица; Turkey=Индейка; 320-620; .18; 14; .35; 1; 0; kg=кг; meat; fillet=филе|drumstick=голень|for stew=для рагу
        Meat and fish=Мясо и рыба; Meat=Мясо; Pork=Свинина; 290-560; .17; 12; .5; 20; .2; kg=кг; meat pork; neck=шея|shoulder=лопатка|loin=карбонад|ribs=рёбра
        Meat and fish=Мясо и рыба; Meat=Мясо; Beef=Говядина; 480-950; .16; 18; .4; 1; 0; kg=кг; meat; for soup=для супа|tenderloin=вырезка|for goulash=для гуляша
        Meat and fish=Мясо и рыба; Meat=Мясо; Mince=Фарш; 210-480; .2; 12; .45; 1; 0; 400 g=400 г|800 g=800 г; meat pork; home style=домашний|beef=говяжий|mixed=смешанный
        Meat and fish=Мясо и рыба; Sausages=Колбасы; Boiled sausage=Варёная колбаса; 190-450; .26; 9; .6; 1; 0; 400 g=400 г|500 g=500 г; meat pork; doctor's style=по-докторски|milk=молочная|with pistachio=с фисташкой
        Meat and fish=Мясо и рыба; Sausages=Колбасы; Smoked sausage=Копчёная колбаса; 230-560; .3; 14; .45; 52; .2; 300 g=300 г|400 g=400 г; meat pork; semi-smoked=полукопчёная|dry=сырокопчёная|grained=зернистая
        Meat and fish=Мясо и рыба; Sausages=Колбасы; Frankfurters=Сосиски; 170-390; .27; 9; .58; 1; 0; 400 g=400 г|600 g=600 г; meat pork; milk=молочные|cream=сливочные|with cheese=с сыром|children's=детские
        Meat and fish=Мясо и рыба; Fish=Рыба; Salted fish=Солёная рыба; 220-690; .3; 18; .4; 52; .3; 200 g=200 г|300 g=300 г; fish; herring in oil=сельдь в масле|trout=форель|mackerel=скумбрия
        Meat and fish=Мясо и рыба; Fish=Рыба; Frozen fish=Мороженая рыба; 250-680; .24; 18; .35; 1; 0; kg=кг; fish; pollock=минтай|cod=треска|hake=хек
        Meat and fish=Мясо и рыба; Fish=Рыба; Crab sticks=Крабовые палочки; 90-210; .34; 20; .38; 52; .6; 200 g=200 г|400 g=400 г; fish; chilled=охлаждённые|frozen=замороженные
        Fruit and vegetables=Овощи и фрукты; Fruit=Фрукты; Apples=Яблоки; 90-190; .3; 7; .7; 38; .2; kg=кг; ; red=красные|green=зелёные|seasonal=сезонные
        Fruit and vegetables=Овощи и фрукты; Fruit=Фрукты; Bananas=Бананы; 110-180; .22; 6; .72; 1; 0; kg=кг; ; ripe=спелые|mini=мини|choice=отборные
        Fruit and vegetables=Овощи и фрукты; Fruit=Фрукты; Citrus=Цитрусовые; 120-260; .3; 9; .62; 51; .8; kg=кг; ; mandarins=мандарины|oranges=апельсины|lemons=лимоны|grapefruit=грейпфруты
        Fruit and vegetables=Овощи и фрукты; Fruit=Фрукты; Berries=Ягоды; 190-460; .36; 14; .35; 28; 1.1; 250 g=250 г|500 g=500 г; ; strawberries=клубника|blueberries=голубика|raspberries=малина
        Fruit and vegetables=Овощи и фрукты; Vegetables=Овощи; Potatoes=Картофель; 35-80; .28; 12; .7; 36; .2; kg=кг; ; washed=мытый|young=молодой|red=красный
        Fruit and vegetables=Овощи и фрукты; Vegetables=Овощи; Tomatoes=Помидоры; 140-330; .3; 7; .66; 30; .4; kg=кг; ; cherry=черри|plum=сливовидные|pink=розовые
        Fruit and vegetables=Овощи и фрукты; Vegetables=Овощи; Cucumbers=Огурцы; 120-290; .3; 7; .66; 27; .4; kg=кг; ; short=короткоплодные|smooth=гладкие|ground=грунтовые
        Fruit and vegetables=Овощи и фрукты; Vegetables=Овощи; Carrots=Морковь; 40-90; .32; 12; .55; 1; 0; kg=кг; ; washed=мытая|young=молодая
        Fruit and vegetables=Овощи и фрукты; Vegetables=Овощи; Greens=Зелень; 40-120; .4; 8; .5; 25; .3; 50 g=50 г|100 g=100 г; ; dill=укроп|parsley=петрушка|salad mix=салатный микс|spring onion=лук зелёный
        Groceries=Бакалея; Cereals=Крупы; Buckwheat=Гречка; 60-130; .22; 30; .6; 1; 0; 400 g=400 г|900 g=900 г; ; kernel=ядрица|quick=быстроваримая|in bags=в пакетиках
        Groceries=Бакалея; Cereals=Крупы; Rice=Рис; 80-170; .24; 32; .55; 1; 0; 400 g=400 г|900 g=900 г; ; round=круглозёрный|long=длиннозёрный|steamed=пропаренный
        Groceries=Бакалея; Cereals=Крупы; Oat flakes=Овсяные хлопья; 55-140; .28; 25; .45; 1; 0; 400 g=400 г|800 g=800 г; ; coarse=крупные|quick=быстрые|with fruit=с фруктами
        Groceries=Бакалея; Pasta and flour=Макароны и мука; Pasta=Макароны; 55-160; .27; 18; .72; 1; 0; 400 g=400 г|800 g=800 г; ; spirals=спирали|shells=ракушки|spaghetti=спагетти|horns=рожки
        Groceries=Бакалея; Pasta and flour=Макароны и мука; Flour=Мука; 60-130; .2; 40; .45; 52; .2; 1 kg=1 кг|2 kg=2 кг; ; top grade=высший сорт|wholemeal=цельнозерновая|for pancakes=блинная
        Groceries=Бакалея; Pasta and flour=Макароны и мука; Sugar=Сахар; 65-110; .1; 35; .6; 31; .4; 900 g=900 г|1.5 kg=1,5 кг; ; sand=песок|lump=кусковой|cane=тростниковый
        Groceries=Бакалея; Oils and sauces=Масла и соусы; Sunflower oil=Подсолнечное масло; 105-210; .18; 30; .68; 1; 0; 900 ml=900 мл|1.8 l=1,8 л; ; refined=рафинированное|unrefined=нерафинированное|with olive=с оливковым
        Groceries=Бакалея; Oils and sauces=Масла и соусы; Mayonnaise=Майонез; 70-170; .26; 18; .6; 52; .4; 200 g=200 г|400 g=400 г; eggs; classic=классический|olive=оливковый|quail=на перепелиных яйцах
        Groceries=Бакалея; Oils and sauces=Масла и соусы; Ketchup=Кетчуп; 70-180; .32; 25; .45; 26; .3; 300 g=300 г|500 g=500 г; ; mild=нежный|spicy=острый|for kebab=шашлычный
        Groceries=Бакалея; Canned=Консервы; Canned fish=Рыбные консервы; 90-240; .28; 25; .4; 1; 0; 185 g=185 г|240 g=240 г; fish; sprats=шпроты|saury=сайра|pink salmon=горбуша|tuna=тунец
        Groceries=Бакалея; Canned=Консервы; Canned vegetables=Овощные консервы; 75-190; .32; 22; .45; 4; .3; 340 g=340 г|680 g=680 г; ; peas=горошек|sweetcorn=кукуруза|pickled cucumbers=огурцы маринованные|beans=фасоль
        Sweets and snacks=Сладости и снеки; Chocolate=Шоколад; Chocolate bar=Плитка шоколада; 80-210; .34; 10; .6; 52; .3; 85 g=85 г|160 g=160 г; ; milk=молочная|dark=горькая|with hazelnut=с фундуком|airy=пористая
        Sweets and snacks=Сладости и снеки; Chocolate=Шоколад; Box of sweets=Конфеты в коробке; 280-720; .36; 60; .35; 9; .6; 200 g=200 г|400 g=400 г; ; assorted=ассорти|with praline=с пралине|truffles=трюфели
        Sweets and snacks=Сладости и снеки; Biscuits=Печенье; Biscuits=Печенье; 55-170; .3; 9; .62; 1; 0; 200 g=200 г|400 g=400 г; ; sugar=сахарное|oat=овсяное|shortbread=песочное|with cocoa=с какао
        Sweets and snacks=Сладости и снеки; Biscuits=Печенье; Wafers=Вафли; 60-150; .31; 14; .4; 1; 0; 150 g=150 г|250 g=250 г; ; cream=сливочные|chocolate=шоколадные|lemon=лимонные
        Sweets and snacks=Сладости и снеки; Snacks=Снеки; Crisps=Чипсы; 80-190; .36; 10; .4; 26; .2; 80 g=80 г|150 g=150 г; ; salted=с солью|with sour cream=со сметаной|with crab=с крабом|paprika=с паприкой
        Sweets and snacks=Сладости и снеки; Snacks=Снеки; Nuts=Орехи; 120-420; .3; 20; .35; 52; .3; 100 g=100 г|250 g=250 г; nuts; almonds=миндаль|cashew=кешью|walnuts=грецкие|mix=ассорти
        Sweets and snacks=Сладости и снеки; Ice cream=Мороженое; Ice cream=Мороженое; 55-160; .35; 7; .55; 28; 1.2; 80 g=80 г|400 g=400 г; milk; plombir=пломбир|chocolate=шоколадное|fruit=фруктовое|eskimo=эскимо
        Drinks=Напитки; Cold drinks=Холодные напитки; Water=Вода; 35-90; .32; 7; .5; 28; .5; 500 ml=500 мл|1.5 l=1,5 л; ; still=без газа|sparkling=газированная|mineral=минеральная
        Drinks=Напитки; Cold drinks=Холодные напитки; Juice=Сок; 85-210; .28; 9; .52; 24; .2; 950 ml=950 мл|1.9 l=1,9 л; ; apple=яблочный|orange=апельсиновый|tomato=томатный|multifruit=мультифрукт
        Drinks=Напитки; Cold drinks=Холодные напитки; Lemonade=Лимонад; 60-150; .34; 9; .42; 28; .5; 500 ml=500 мл|1.5 l=1,5 л; ; tarragon=тархун|pear=дюшес|cola=кола|cream soda=крем-сода
        Drinks=Напитки; Cold drinks=Холодные напитки; Kvass=Квас; 65-140; .32; 10; .35; 27; 1.1; 500 ml=500 мл|1.5 l=1,5 л; ; bread=хлебный|white=белый|for okroshka=окрошечный
        Drinks=Напитки; Tea and coffee=Чай и кофе; Tea=Чай; 90-330; .34; 40; .66; 3; .2; 100 g=100 г|200 g=200 г; ; black=чёрный|green=зелёный|with bergamot=с бергамотом|herbal=травяной
        Drinks=Напитки; Tea and coffee=Чай и кофе; Coffee=Кофе; 240-780; .28; 32; .55; 3; .1; 95 g=95 г|250 g=250 г; ; instant=растворимый|ground=молотый|beans=в зёрнах
        Alcohol and tobacco=Алкоголь и табак; Beer and wine=Пиво и вино; Beer=Пиво; 65-170; .22; 6; .4; 28; .5; 450 ml=450 мл|1 l=1 л; alcohol; light=светлое|dark=тёмное|wheat=пшеничное|unfiltered=нефильтрованное
        Alcohol and tobacco=Алкоголь и табак; Beer and wine=Пиво и вино; Wine=Вино; 390-1100; .26; 20; .32; 52; .6; 750 ml=750 мл; alcohol minimum; red dry=красное сухое|white semi-sweet=белое полусладкое|sparkling=игристое
        Alcohol and tobacco=Алкоголь и табак; Spirits=Крепкий алкоголь; Vodka=Водка; 390-750; .2; 25; .25; 52; .4; 500 ml=500 мл|700 ml=700 мл; alcohol minimum; wheat=пшеничная|cedar=кедровая|with honey=с мёдом
        Alcohol and tobacco=Алкоголь и табак; Spirits=Крепкий алкоголь; Cognac=Коньяк; 700-1600; .22; 45; .15; 52; .5; 500 ml=500 мл; alcohol minimum; three-year=трёхлетний|five-year=пятилетний
        Alcohol and tobacco=Алкоголь и табак; Tobacco=Табак; Cigarettes=Сигареты; 150-270; .1; 3; .22; 1; 0; 20 pcs=20 шт.; tobacco; full=крепкие|light=лёгкие|slim=тонкие
        Frozen=Заморозка; Frozen meals=Полуфабрикаты; Pelmeni=Пельмени; 170-460; .28; 18; .5; 2; .2; 430 g=430 г|800 g=800 г; meat pork; home style=домашние|Siberian style=по-сибирски|with beef=с говядиной
        Frozen=Заморозка; Frozen meals=Полуфабрикаты; Vareniki=Вареники; 110-260; .32; 25; .3; 1; .1; 450 g=450 г|900 g=900 г; ; with potato=с картофелем|with curd=с творогом|with cherry=с вишней
        Frozen=Заморозка; Frozen meals=Полуфабрикаты; Frozen pizza=Пицца; 190-420; .34; 20; .3; 1; 0; 350 g=350 г|450 g=450 г; ; with ham=с ветчиной|four cheeses=четыре сыра|with mushrooms=с грибами
        Frozen=Заморозка; Frozen vegetables=Замороженные овощи; Frozen vegetables=Овощная смесь; 90-220; .33; 22; .35; 4; .3; 400 g=400 г|700 g=700 г; ; Mexican=мексиканская|country=деревенская|broccoli=с брокколи
        Home=Дом и быт; Laundry and dishes=Стирка и посуда; Washing powder=Стиральный порошок; 220-780; .3; 50; .55; 1; 0; 1.5 kg=1,5 кг|3 kg=3 кг; ; colour=для цветного|universal=универсальный|baby=детский
        Home=Дом и быт; Laundry and dishes=Стирка и посуда; Dish liquid=Средство для посуды; 90-240; .34; 35; .55; 1; 0; 450 ml=450 мл|900 ml=900 мл; ; lemon=лимон|aloe=алоэ|sensitive=для чувствительной кожи
        Home=Дом и быт; Paper and bags=Бумага и пакеты; Toilet paper=Туалетная бумага; 80-330; .26; 18; .65; 1; 0; 4 rolls=4 рул.|8 rolls=8 рул.; ; two-ply=двухслойная|three-ply=трёхслойная|scented=ароматизированная
        Home=Дом и быт; Paper and bags=Бумага и пакеты; Bin bags=Пакеты для мусора; 60-190; .38; 35; .45; 1; 0; 20 pcs=20 шт.|30 pcs=30 шт.; ; 35 l=35 л|60 l=60 л|with ties=с завязками
        Beauty and hygiene=Красота и гигиена; Hair and body=Волосы и тело; Shampoo=Шампунь; 180-520; .34; 45; .5; 1; 0; 250 ml=250 мл|400 ml=400 мл; ; nourishing=питательный|for volume=для объёма|anti-dandruff=против перхоти
        Beauty and hygiene=Красота и гигиена; Hair and body=Волосы и тело; Shower gel=Гель для душа; 150-390; .36; 35; .5; 1; 0; 250 ml=250 мл|450 ml=450 мл; ; sea=морской|citrus=цитрусовый|milk and honey=молоко и мёд
        Beauty and hygiene=Красота и гигиена; Face and hands=Лицо и руки; Face cream=Крем для лица; 230-890; .4; 60; .3; 4; .3; 50 ml=50 мл|75 ml=75 мл; ; day=дневной|night=ночной|moisturising=увлажняющий
        Beauty and hygiene=Красота и гигиена; Face and hands=Лицо и руки; Soap=Мыло; 50-170; .36; 22; .55; 1; 0; 90 g=90 г|300 ml=300 мл; ; olive=оливковое|antibacterial=антибактериальное|cream=крем-мыло
        Beauty and hygiene=Красота и гигиена; Teeth=Зубы; Toothpaste=Зубная паста; 110-320; .35; 40; .55; 1; 0; 75 ml=75 мл|100 ml=100 мл; ; whitening=отбеливающая|herbal=с травами|children's=детская
        Children and pets=Дети и питомцы; Children=Детям; Nappies=Подгузники; 690-1900; .2; 10; .95; 1; 0; 32 pcs=32 шт.|60 pcs=60 шт.; baby; size 3=размер 3|size 4=размер 4|size 5=размер 5
        Children and pets=Дети и питомцы; Children=Детям; Baby puree=Детское пюре; 45-110; .28; 4; .9; 1; 0; 80 g=80 г|190 g=190 г; baby; apple=яблоко|pumpkin=тыква|turkey=индейка|pear=груша
        Children and pets=Дети и питомцы; Pets=Питомцам; Cat food=Корм для кошек; 28-290; .3; 5; .95; 1; 0; 85 g=85 г|400 g=400 г; cat; with chicken=с курицей|with rabbit=с кроликом|with fish=с рыбой|dry=сухой
        Children and pets=Дети и питомцы; Pets=Питомцам; Cat litter=Наполнитель для кошек; 190-560; .3; 20; .85; 1; 0; 5 l=5 л|10 l=10 л; cat; wood=древесный|clumping=комкующийся|silica=силикагелевый
        Children and pets=Дети и питомцы; Pets=Питомцам; Dog food=Корм для собак; 90-590; .3; 9; .95; 1; 0; 400 g=400 г|1.2 kg=1,2 кг; dog; with beef=с говядиной|with lamb=с ягнёнком|dry=сухой
        """;

    public static CategoryTraits[] All { get; } = Parse();

    static CategoryTraits[] Parse()
    {
        var all = Table.Split('\n').Select(Row).ToArray();

        // Spread over the table, so that a small shop, which has the first few only, still sells a bit of everything.
        return [.. all.Select((traits, index) => (traits, index)).OrderBy(entry => entry.index * 29 % all.Length).Select(entry => entry.traits)];
    }

    static CategoryTraits Row(string row)
    {
        var cells = row.Split(';', StringSplitOptions.TrimEntries);
        var prices = cells[3].Split('-');
        var sizes = Pairs(cells[9]);
        var tags = cells[10].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new CategoryTraits(
            Pair(cells[0]), Pair(cells[1]), Pair(cells[2]), Number(prices[0]), Number(prices[1]), Number(cells[4]), Number(cells[5]), Number(cells[6]),
            (int)Number(cells[7]), Number(cells[8]), sizes is [{ English: "kg" }], [.. tags.Where(tag => tag != "minimum")],
            tags.Contains("tobacco") ? FloorPolicy.NoDiscount : tags.Contains("minimum") ? FloorPolicy.MinimumPrice : FloorPolicy.None,
            Pairs(cells[11]), sizes);
    }

    static Text[] Pairs(string cell) => [.. cell.Split('|').Select(Pair)];

    static Text Pair(string cell)
    {
        var parts = cell.Split('=');
        return new Text(parts[0], parts[1]);
    }

    static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}

/// <summary>On what in a home a need depends.</summary>
enum HomeHas
{
    Anything = 0,
    Baby = 1,
    Cat = 2,
    Dog = 3,
    Smoker = 4,
    Drinker = 5,
}
