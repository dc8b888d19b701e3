using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Dapper;
using Volna.Intake.Catalog;
using Volna.Kernels;
using Volna.Offers;
using Volna.Offers.Plans;
using Volna.Redemptions;
using Volna.Redemptions.Offline;
using Volna.Tests.Redemptions.Reference;

namespace Volna.Tests.Redemptions.Offline;

/// <summary>
/// Many stores go off-line for a minute to 72 hours, twice, while their customers also shop on-line; goods are brought back off-line and on-line, in any
/// order; tills are killed, their uploads come tripled and shuffled, the centre is restarted. What customers were told is kept apart and compared with
/// the books.
/// </summary>
public sealed class OfflineStoresTests
{
    const int CustomersPerStore = 5;
    static readonly DateTimeOffset Begin = new(2026, 11, 26, 0, 0, 0, TimeSpan.FromHours(3));

    [Theory]
    [InlineData("packs", 1)]
    [InlineData("packs", 3)]
    [InlineData("leased", 1)]
    public async Task Stores_off_line_for_up_to_72_hours_lose_and_double_nothing(string mode, int copies)
    {
        using var world = new World(TestSize.Of(200, 2_000), TestSize.Seed(), mode, copies);
        await world.Run();
        world.Check();
    }

    sealed class World : IDisposable
    {
        readonly OfflineShop _offline = new();
        readonly int _stores, _copies;
        readonly bool _isLeased;
        readonly long _budget, _budgetPerDay, _supplierBudget, _mostPerWave;
        readonly PriorityQueue<Func<Task>, (DateTimeOffset At, int Number)> _events = new();
        readonly Dictionary<int, (DateTimeOffset From, DateTimeOffset Until)> _away = [];
        readonly List<(int, string, IReadOnlyList<Offer>?)> _customers = [];
        readonly ConcurrentDictionary<string, (TillReceipt Receipt, TillAnswer Answer)> _told = [];
        readonly Dictionary<(string Receipt, string Line), decimal> _back = [];
        readonly List<Step> _happened = [], _heard = [];
        readonly Dictionary<string, string> _uploaded = [];
        readonly List<Task> _online = [];
        readonly Dictionary<int, DateTimeOffset> _returned = [];
        readonly HashSet<string> _lostAnswers = [];
        Draw _draw;
        Till _till;
        int _planned, _receipts, _returns, _kills, _early, _tooEarly, _offlineReturns;

        /// <summary>A receipt sold, or goods of it brought back with what the customer was told then.</summary>
        sealed record Step(string Receipt, TillReturn? Goods = null, UndoneMessage? Undone = null);

        public World(int stores, int seed, string mode, int copies)
        {
            (_stores, _copies, _isLeased) = (stores, copies, mode == "leased");
            _draw = new Draw(unchecked((ulong)seed), "offline", (ulong)copies);
            (_budget, _budgetPerDay, _supplierBudget, _mostPerWave) = (stores * 120_00L, stores * 30_00L, stores * 50_00L, stores * 12L);
            _offline.AddStores(stores);
            _offline.Shop.AddStore(stores + 1, "web");
            for (var product = 1; product <= 9; product++) _offline.Shop.AddProduct(product, $"p{product}");
            _offline.Shop.Run("update product set supplier = 'Acme' where number <= 3");
            for (var number = 1; number <= stores * CustomersPerStore; number++)
            {
                _offline.AddCustomer(number, $"c{number}", Home(number));
                List<Offer> offers = [Shop.Offer(number, 0, 1 + (number % 4), 20), Shop.Offer(number, 1, 5 + (number % 4), 10)];
                if (number % 3 == 0) offers.Add(Shop.Offer(number, 2, 0, 0) with { TargetKind = TargetKind.Basket, Mechanic = Mechanic.AmountOff, Amount = new Money(3_01), RegularPrice = Money.Zero });
                _customers.Add((number, $"c{number}", number % 11 == 0 ? null : offers));
            }

            _offline.AddWave(
                $$"""
                "budget": {{_budget / 100}}, "budgetPerDay": {{_budgetPerDay / 100}}, "supplierBudgets": { "Acme": {{_supplierBudget / 100}} }, "mostPerWave": {{_mostPerWave}},
                "offline": { "mode": "{{mode}}", "copies": {{copies}} }
                """, [.. _customers]);
            _offline.Clock.Now = Begin;
            _till = _offline.Shop.OpenTill(_offline.Clock);
        }

        static int Home(int customer) => ((customer - 1) / CustomersPerStore) + 1;

        public async Task Run()
        {
            for (var store = 1; store <= _stores; store++) PlanAbsence(store, Begin.AddMinutes(_draw.NextBelow(600)), again: true);
            for (var i = 0; i < _stores * 2; i++)
            {
                var customer = 1 + _draw.NextBelow(_stores * CustomersPerStore);
                var near = (((Home(customer) - 1) / 5 * 5) + _draw.NextBelow(5)) % _stores;
                At(Begin.AddMinutes(_draw.NextBelow(6 * 1_440)), () => SellOnline(customer, 1 + near));
            }

            for (var i = 0; i < 3; i++)
                At(Begin.AddMinutes(_draw.NextBelow(6 * 1_440)), async () =>
                {
                    await Task.WhenAll(_online);
                    _till.Dispose();
                    _till = _offline.Shop.OpenTill(_offline.Clock);
                });
            while (_events.TryDequeue(out var happening, out var when))
            {
                if (when.At > _offline.Clock.Now) _offline.Clock.Now = when.At;
                await happening();
            }
        }

        /// <summary>A store takes a pack, is away for a while, comes back, sends all and settles.</summary>
        void PlanAbsence(int store, DateTimeOffset from, bool again)
        {
            var minutes = Math.Exp(_draw.NextUnit() * Math.Log(72 * 60));
            var until = from.AddMinutes(minutes);
            var key = $"S{store}";
            OfflineTill? own = null;
            At(from.AddMinutes(-10), async () =>
            {
                own = _offline.OpenStore(key);
                var pack = await _till.PackAsync(key);
                own.Take(pack);
                if (_draw.NextBelow(4) > 0) return;
                // On-line still: the store's own tills remember what the centre used for it.
                var receipt = NewReceipt(key, 1 + ((store - 1) * CustomersPerStore));
                var answer = await CloseOnline(receipt);
                own.NoteUsed(Codes(answer));
            });
            At(from, () =>
            {
                _away[store] = (from, until);
                _returned[store] = until;
                return Task.CompletedTask;
            });
            var sales = 1 + _draw.NextBelow(7);
            for (var sale = 0; sale < sales; sale++)
            {
                var customer = _draw.NextBelow(5) == 0 ? 1 + _draw.NextBelow(_stores * CustomersPerStore) : 1 + ((((store - 1 + _stores - _draw.NextBelow(_copies)) % _stores) * CustomersPerStore) + _draw.NextBelow(CustomersPerStore));
                At(from.AddMinutes(_draw.NextUnit() * minutes), () =>
                {
                    var receipt = SellOffline(ref own!, store, customer);
                    var rest = (until - _offline.Clock.Now).TotalMinutes;
                    while (_draw.NextBelow(3) == 0)
                        At(_offline.Clock.Now.AddMinutes(_draw.NextUnit() * rest), () =>
                        {
                            ReturnOffline(ref own!, key, receipt);
                            return Task.CompletedTask;
                        });
                    if (_draw.NextBelow(3) == 0) PlanReturn(receipt);
                    return Task.CompletedTask;
                });
            }

            At(until, () =>
            {
                _away.Remove(store);
                foreach (var upload in own!.Leases[0].Seal())
                    for (var time = 0; time < 3; time++)
                        At(until.AddSeconds(_draw.NextBelow(3_600)), () => Upload(upload));
                At(until.AddSeconds(_draw.NextBelow(3_600)), () => Settle(own, mayBeEarly: true));
                At(until.AddSeconds(3_601), () => Settle(own, mayBeEarly: false));
                return Task.CompletedTask;
            });
            At(until.AddSeconds(3_602), () =>
            {
                own!.Leases[0].Settled();
                own.Dispose();
                if (again) PlanAbsence(store, until.AddMinutes(90), again: false);
                return Task.CompletedTask;
            });
        }

        void At(DateTimeOffset when, Func<Task> happening) => _events.Enqueue(happening, (when, ++_planned));

        TillReceipt NewReceipt(string store, int customer)
        {
            var lines = new List<(string, decimal, long)>();
            for (var i = 0; i <= _draw.NextBelow(3); i++) lines.Add(($"p{(_draw.NextBelow(2) == 0 ? 1 : 5) + (customer % 4)}", 1 + _draw.NextBelow(2), 95_00 + _draw.NextBelow(1_000)));
            return OfflineShop.Receipt($"r{++_receipts}", store, $"c{customer}", _offline.Clock.Now, [.. lines]);
        }

        Task SellOnline(int customer, int store)
        {
            var receipt = NewReceipt(_away.ContainsKey(store) ? "web" : $"S{store}", customer);
            // A home store that is on-line notes what was used; another one has nothing to note. Here the store has no pack in hand between its absences.
            if (receipt.Store == $"S{Home(customer)}" && _till.OpenLeases().Any(lease => lease.Store == receipt.Store)) receipt = receipt with { Store = "web" };
            // The next customer doesn't wait for this one's answer.
            _online.Add(CloseOnline(receipt));
            return Task.CompletedTask;
        }

        async Task<TillAnswer> CloseOnline(TillReceipt receipt)
        {
            _happened.Add(new Step(receipt.Id));
            _heard.Add(new Step(receipt.Id));
            if (_draw.NextBelow(3) == 0) PlanReturn(receipt);
            var answer = (await _till.CloseAsync(receipt)).Answer;
            Assert.True(_told.TryAdd(receipt.Id, (receipt, answer)));
            return answer;
        }

        /// <summary>Goods are brought back on-line, to any store, in some hours or days; perhaps before the centre knows of them.</summary>
        void PlanReturn(TillReceipt receipt) => At(_offline.Clock.Now.AddMinutes(Math.Exp(_draw.NextUnit() * Math.Log(72 * 60))), () => ReturnOnline(receipt));

        async Task ReturnOnline(TillReceipt receipt)
        {
            await Task.WhenAll(_online);
            if (NewReturn(receipt) is not { } goods) return;
            byte[] body;
            try
            {
                body = (await _till.ReturnAsync(goods)).Body;
            }
            catch (GuardException unknown)
            {
                Assert.Equal(_lostAnswers.Contains(receipt.Id) ? "receipt-not-closed" : "receipt-unknown", unknown.Code);
                _tooEarly++;
                At(_offline.Clock.Now.AddMinutes(1 + _draw.NextBelow(1_000)), () => ReturnOnline(receipt));
                return;
            }

            if (_draw.NextBelow(3) == 0) Assert.Equal(body, (await _till.ReturnAsync(goods)).Body);
            TakeBack(goods, JsonSerializer.Deserialize<UndoneMessage>(body, JsonSerializerOptions.Web)!);
            _heard.Add(_happened[^1]);
        }

        void ReturnOffline(ref OfflineTill till, string store, TillReceipt receipt)
        {
            if (NewReturn(receipt) is not { } goods) return;
            var undone = till.Return(goods);
            if (_draw.NextBelow(4) == 0)
            {
                Kill(ref till, store);
                undone = till.Return(goods);
            }

            if (_draw.NextBelow(3) == 0) Assert.Equal(TillMessages.Write(undone), TillMessages.Write(till.Return(goods)));
            TakeBack(goods, undone);
            _offlineReturns++;
        }

        /// <summary>Some of what is left of a receipt, in halves of pieces; null where nothing is.</summary>
        TillReturn? NewReturn(TillReceipt receipt)
        {
            var lines = new List<ReturnedLine>();
            var isAll = _draw.NextBelow(2) == 0;
            foreach (var line in receipt.Lines)
            {
                var left = line.Quantity.Amount - _back.GetValueOrDefault((receipt.Id, line.Id));
                var back = isAll ? left : _draw.NextBelow((int)(left * 2) + 1) / 2m;
                if (back > 0) lines.Add(new ReturnedLine(line.Id, Quantity.Of(back)));
            }

            return lines.Count == 0 ? null : new TillReturn(receipt.Id, $"b{++_returns}", lines);
        }

        /// <summary>What the customer got for her goods against her receipt: the share of what she paid, rounded down, the last part takes the rest.</summary>
        void TakeBack(TillReturn goods, UndoneMessage undone)
        {
            var (receipt, answer) = _told[goods.Receipt];
            var refund = 0L;
            foreach (var line in goods.Lines)
            {
                var at = Enumerable.Range(0, receipt.Lines.Count).Single(one => receipt.Lines[one].Id == line.Id);
                var (sold, paid, before) = (receipt.Lines[at].Quantity.Amount, answer.Lines[at].Total.Minor, _back.GetValueOrDefault((goods.Receipt, line.Id)));
                var after = before + line.Quantity.Amount;
                refund += (long)Math.Floor(paid * after / sold) - (long)Math.Floor(paid * before / sold);
                _back[(goods.Receipt, line.Id)] = after;
            }

            Assert.Equal((goods.Id, refund), (undone.Return, undone.RefundMinor));
            _happened.Add(new Step(goods.Receipt, goods, undone));
        }

        TillReceipt SellOffline(ref OfflineTill till, int number, int customer)
        {
            var store = $"S{number}";
            var receipt = NewReceipt(store, customer);
            // The line breaks while the centre answers: what it reserved for this receipt nobody here knows of.
            if (!till.MustSellFromPack && _draw.NextBelow(2) == 0 && !IsUploadNear(number))
            {
                _lostAnswers.Add(receipt.Id);
                _online.Add(_till.ReserveAsync(receipt));
                if (_draw.NextBelow(4) == 0) _online.Add(_till.ReopenAsync(receipt.Id));
            }

            if (_draw.NextBelow(3) == 0) till.Price(receipt);
            var answer = till.Close(receipt);
            if (_draw.NextBelow(4) == 0)
            {
                Kill(ref till, store);
                answer = till.Close(receipt);
            }

            if (_draw.NextBelow(3) == 0) Assert.Equal(TillMessages.Write(answer), TillMessages.Write(till.Close(receipt)));
            Assert.True(_told.TryAdd(receipt.Id, (receipt, answer)));
            _happened.Add(new Step(receipt.Id));
            return receipt;
        }

        /// <summary>Whether another store of the city uploads before the reservation of now ends. Its use would be an extra one beside a receipt that isn't sold yet.</summary>
        bool IsUploadNear(int store) => Enumerable.Range((store - 1) / 5 * 5, 5).Select(one => one + 1).Any(other =>
            other != store && _returned.TryGetValue(other, out var until) && until < _offline.Clock.Now.AddMinutes(16) && until > _offline.Clock.Now.AddHours(-2));

        /// <summary>Power loss: while the last record was written, so that nothing was told; or later, in the middle of the next one.</summary>
        void Kill(ref OfflineTill till, string store)
        {
            _kills++;
            till.Dispose();
            var journal = Directory.GetFiles(_offline.Disk(store), $"{Hash64.Of(till.Leases[0].Id):x16}.journal", SearchOption.AllDirectories).Single();
            using (var file = new FileStream(journal, FileMode.Open))
                if (_draw.NextBelow(2) == 0)
                {
                    file.SetLength(file.Length - 1 - _draw.NextBelow(30));
                }
                else
                {
                    file.Position = file.Length;
                    file.Write(new byte[1 + _draw.NextBelow(40)]);
                }

            till = _offline.OpenStore(store);
        }

        async Task Upload(byte[] upload)
        {
            var answer = Encoding.UTF8.GetString(await _till.UploadAsync(OfflineMessages.ReadUpload(upload), Language.English));
            foreach (var receipt in JsonDocument.Parse(answer).RootElement.GetProperty("receipts").EnumerateArray())
            {
                var id = receipt.GetProperty("id").GetString()!;
                if (_uploaded.TryAdd(id, receipt.GetRawText()))
                {
                    // What happened at the counter is heard of now: the sale, and what came back off-line.
                    var steps = _happened.Where(step => step.Receipt == id).ToArray();
                    _heard.AddRange(steps);
                    Assert.Equal(steps[^1].Undone?.State ?? "closed", receipt.GetProperty("state").GetString());
                    // Not all of them are asked again, because that would make good for one that got lost.
                    foreach (var step in steps)
                        if (step.Goods is { } goods && _draw.NextBelow(3) == 0)
                            Assert.Equal(TillMessages.Write(step.Undone!), (await _till.ReturnAsync(goods)).Body);
                }

                Assert.Equal(_uploaded[id], receipt.GetRawText());
            }
        }

        async Task Settle(OfflineTill own, bool mayBeEarly)
        {
            try
            {
                await _till.SettleAsync(OfflineMessages.ReadSettle(own.Leases[0].Settlement()));
            }
            catch (GuardException early) when (mayBeEarly)
            {
                Assert.Equal("lease-incomplete", early.Code);
                _early++;
            }
        }

        static List<string> Codes(TillAnswer answer)
        {
            var codes = answer.Lines.Select(line => line.Offer).OfType<string>().ToList();
            if (answer.BasketOffer is { } basket) codes.Add(basket);
            return codes;
        }

        List<string> Codes(string receipt) => Codes(_told[receipt].Answer);

        /// <summary>Those of a receipt's offers whose goods haven't all come back.</summary>
        List<string> Held(string receipt, IReadOnlyDictionary<(string Receipt, string Line), decimal> back)
        {
            var (sold, answer) = _told[receipt];
            var held = new List<string>();
            for (var i = 0; i < sold.Lines.Count; i++)
                if (answer.Lines[i].Offer is { } offer && back.GetValueOrDefault((receipt, sold.Lines[i].Id)) < sold.Lines[i].Quantity.Amount)
                    held.Add(offer);
            // The offer on the basket is used on all of its goods.
            if (answer.BasketOffer is { } basket && sold.Lines.Any(line => back.GetValueOrDefault((receipt, line.Id)) < line.Quantity.Amount)) held.Add(basket);
            return held;
        }

        /// <summary>Follows some steps: after each, which receipts hold an offer. The first to come has the right, those beside it are extra uses.</summary>
        Dictionary<string, (string? Right, List<string> Extra)> Follow(List<Step> steps, Action<Dictionary<string, (string? Right, List<string> Extra)>, string, long> look)
        {
            var offers = new Dictionary<string, (string? Right, List<string> Extra)>();
            var back = new Dictionary<(string Receipt, string Line), decimal>();
            var discount = 0L;
            foreach (var step in steps)
            {
                var held = Held(step.Receipt, back);
                discount += step.Undone is { } undone ? -undone.DiscountMinor : _told[step.Receipt].Answer.Discount.Minor;
                foreach (var line in step.Goods?.Lines ?? []) back[(step.Receipt, line.Id)] = back.GetValueOrDefault((step.Receipt, line.Id)) + line.Quantity.Amount;
                foreach (var code in step.Goods is null ? held : held.Except(Held(step.Receipt, back)))
                {
                    var (right, extra) = offers.GetValueOrDefault(code, (null, []));
                    if (step.Goods is null && right is null) right = step.Receipt;
                    else if (step.Goods is null) extra.Add(step.Receipt);
                    else if (right == step.Receipt) right = null;
                    else Assert.True(extra.Remove(step.Receipt));
                    offers[code] = (right, extra);
                    look(offers, code, discount);
                }
            }

            return offers;
        }

        /// <summary>What customers were told against what the tables hold; nothing of the product decides here what is right.</summary>
        public void Check()
        {
            var wave = new WaveStore(_offline.Shop.State).Get("w");
            JournalBooks.Check(_offline.Shop, _till, ("w", _customers.Sum(customer => customer.Item3?.Count ?? 0), PlanFile.ParseTill("w", wave.Plan)));
            using var connection = _offline.Shop.State.Connect();
            var rows = connection.Query<(string Receipt, long Discount, string Payer, long Customer, long Index, string Day)>("select receipt, discount_minor, payer, customer, offer_index, day from redemption").AsList();
            var booked = rows.ToLookup(row => row.Receipt);
            int lost = 0, doubled = 0;
            foreach (var (id, (_, answer)) in _told)
            {
                var held = Held(id, _back).Count;
                lost += Math.Max(0, held - booked[id].Count());
                doubled += Math.Max(0, booked[id].Count() - held);
                Assert.Equal(answer.Discount.Minor - _happened.Where(step => step.Receipt == id).Sum(step => step.Undone?.DiscountMinor ?? 0), booked[id].Sum(row => row.Discount));
            }

            Assert.All(booked, receipt => Assert.Contains(receipt.Key, _told.Keys));
            Assert.Equal((0, 0), (lost, doubled));

            // At every moment, by what had happened at the counters, whether the centre knew of it or not.
            int most = 0, uses = 0;
            Follow(_happened, (offers, code, discount) =>
            {
                var count = offers[code].Extra.Count + (offers[code].Right is null ? 0 : 1);
                most = Math.Max(most, count - 1);
                Assert.InRange(discount, 0, _budget + _supplierBudget);
            });
            Assert.InRange(most, 0, _isLeased ? 0 : _copies);
            // In the order in which the centre heard of it: who has the right, and each extra use is named.
            var offers = Follow(_heard, (offers, code, _) => uses = Math.Max(uses, offers.Values.Sum(one => one.Extra.Count + (one.Right is null ? 0 : 1))));
            Assert.InRange(uses, 1, _mostPerWave);
            var report = new ExtraUseStore(_offline.Shop.State).List("w");
            Assert.Equal(
                offers.SelectMany(offer => offer.Value.Extra.Select(receipt => (offer.Key, receipt, offer.Value.Right ?? ""))).Order(),
                report.Select(one => (one.Offer, one.Receipt, one.FirstReceipt)).Order());
            var extra = report.Count;

            Assert.InRange(rows.Where(row => row.Payer == "Acme").Sum(row => row.Discount), 1, _supplierBudget);
            Assert.InRange(rows.Where(row => row.Payer == "").Sum(row => row.Discount), 1, _budget);
            Assert.All(rows.Where(row => row.Payer == "").GroupBy(row => row.Day), day => Assert.InRange(day.Sum(row => row.Discount), 0, _budgetPerDay));
            Assert.InRange(rows.Count, 1, _mostPerWave);
            var rights = _till.Rights("w");
            Assert.Equal((rights.Issued, (long)offers.Values.Count(offer => offer.Right is not null)), (rights.Free + rights.Reserved + rights.Redeemed + rights.Expired, rights.Redeemed));
            Assert.Empty(_till.OpenLeases());
            // So that the run tells something: there were kills, early settlements, returns in every order, refusals for want of room, and extra uses where they may be.
            Assert.True(_lostAnswers.Count > 10 && _kills > 10 && _early > 10 && _tooEarly > 10 && (_isLeased || most > 0), $"{_lostAnswers.Count} lost answers, {_kills} kills, {_early} early settlements, {_tooEarly} early returns, most {most} extra uses of one right");
            Assert.Contains(_told.Values, one => one.Answer.Lines.Any(line => line.Refusal is TillRefusal.BudgetSpent or TillRefusal.StoreLimit));
            if (_isLeased) Assert.Contains(_told.Values, one => one.Answer.Lines.Any(line => line.Refusal == TillRefusal.OfferLeased));
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{_stores} stores, {_told.Count} receipts, {rows.Count} uses, {extra} extra (most {most} of one right), {_kills} kills, {_early} early settlements, {_uploaded.Count} uploaded, {_offlineReturns} returns off-line and {_happened.Count(step => step.Goods is not null) - _offlineReturns} on-line, {_tooEarly} tried before the upload");
        }

        public void Dispose()
        {
            _till.Dispose();
            _offline.Dispose();
        }
    }
}
