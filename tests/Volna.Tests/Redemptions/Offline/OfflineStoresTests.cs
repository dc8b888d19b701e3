using System.Text;
using System.Text.Json;
using Dapper;
using Volna.Intake.Catalog;
using Volna.Kernels;
using Volna.Offers;
using Volna.Redemptions;
using Volna.Redemptions.Offline;

namespace Volna.Tests.Redemptions.Offline;

/// <summary>
/// Many stores go off-line for a minute to 72 hours, twice, while their customers also shop on-line; their tills are killed, their uploads come tripled
/// and shuffled, the centre is restarted. What customers were told is kept apart and compared with the books.
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
        readonly long _budget, _supplierBudget, _mostPerWave;
        readonly PriorityQueue<Func<Task>, (DateTimeOffset At, int Number)> _events = new();
        readonly Dictionary<int, (DateTimeOffset From, DateTimeOffset Until)> _away = [];
        readonly Dictionary<string, TillAnswer> _told = [];
        readonly Dictionary<string, string> _uploaded = [];
        readonly List<(TillReceipt Receipt, Task<TillReply> Reply)> _online = [];
        Draw _draw;
        Till _till;
        int _planned, _receipts, _kills, _early;

        public World(int stores, int seed, string mode, int copies)
        {
            (_stores, _copies, _isLeased) = (stores, copies, mode == "leased");
            _draw = new Draw(unchecked((ulong)seed), "offline", (ulong)copies);
            (_budget, _supplierBudget, _mostPerWave) = (stores * 120_00L, stores * 50_00L, stores * 12L);
            _offline.AddStores(stores);
            _offline.Shop.AddStore(stores + 1, "web");
            for (var product = 1; product <= 9; product++) _offline.Shop.AddProduct(product, $"p{product}");
            _offline.Shop.Run("update product set supplier = 'Acme' where number <= 3");
            var customers = new List<(int, string, IReadOnlyList<Offer>?)>();
            for (var number = 1; number <= stores * CustomersPerStore; number++)
            {
                _offline.AddCustomer(number, $"c{number}", Home(number));
                List<Offer> offers = [Shop.Offer(number, 0, 1 + (number % 4), 20), Shop.Offer(number, 1, 5 + (number % 4), 10)];
                if (number % 3 == 0) offers.Add(Shop.Offer(number, 2, 0, 0) with { TargetKind = TargetKind.Basket, Mechanic = Mechanic.AmountOff, Amount = new Money(3_01), RegularPrice = Money.Zero });
                customers.Add((number, $"c{number}", number % 11 == 0 ? null : offers));
            }

            _offline.AddWave(
                $$"""
                "budget": {{_budget / 100}}, "supplierBudgets": { "Acme": {{_supplierBudget / 100}} }, "mostPerWave": {{_mostPerWave}},
                "offline": { "mode": "{{mode}}", "copies": {{copies}} }
                """, [.. customers]);
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
                    await Task.WhenAll(_online.Select(one => one.Reply));
                    _till.Dispose();
                    _till = _offline.Shop.OpenTill(_offline.Clock);
                });
            while (_events.TryDequeue(out var happening, out var when))
            {
                if (when.At > _offline.Clock.Now) _offline.Clock.Now = when.At;
                await happening();
            }

            foreach (var (receipt, reply) in _online) Tell(receipt, (await reply).Answer);
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
                var answer = (await _till.CloseAsync(receipt)).Answer;
                own.NoteUsed(Codes(answer));
                Tell(receipt, answer);
            });
            At(from, () =>
            {
                _away[store] = (from, until);
                return Task.CompletedTask;
            });
            var sales = 1 + _draw.NextBelow(7);
            for (var sale = 0; sale < sales; sale++)
            {
                var customer = _draw.NextBelow(5) == 0 ? 1 + _draw.NextBelow(_stores * CustomersPerStore) : 1 + ((((store - 1 + _stores - _draw.NextBelow(_copies)) % _stores) * CustomersPerStore) + _draw.NextBelow(CustomersPerStore));
                At(from.AddMinutes(_draw.NextUnit() * minutes), () =>
                {
                    SellOffline(ref own!, key, customer);
                    return Task.CompletedTask;
                });
            }

            At(until, () =>
            {
                _away.Remove(store);
                foreach (var upload in own!.Seal())
                    for (var time = 0; time < 3; time++)
                        At(until.AddSeconds(_draw.NextBelow(3_600)), () => Upload(upload));
                At(until.AddSeconds(_draw.NextBelow(3_600)), () => Settle(own, mayBeEarly: true));
                At(until.AddSeconds(3_601), () => Settle(own, mayBeEarly: false));
                return Task.CompletedTask;
            });
            At(until.AddSeconds(3_602), () =>
            {
                own!.Settled();
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
            _online.Add((receipt, _till.CloseAsync(receipt)));
            return Task.CompletedTask;
        }

        void SellOffline(ref OfflineTill till, string store, int customer)
        {
            var receipt = NewReceipt(store, customer);
            if (_draw.NextBelow(3) == 0) till.Price(receipt);
            var answer = till.Close(receipt);
            if (_draw.NextBelow(4) == 0)
            {
                // Power loss: while the record was written, so that nothing was told; or later, in the middle of the next one.
                _kills++;
                till.Dispose();
                var journal = Directory.GetFiles(_offline.Disk(store), "*.journal").Single();
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
                answer = till.Close(receipt);
            }

            if (_draw.NextBelow(3) == 0) Assert.Equal(TillMessages.Write(answer), TillMessages.Write(till.Close(receipt)));
            Tell(receipt, answer);
        }

        async Task Upload(byte[] upload)
        {
            var answer = Encoding.UTF8.GetString(await _till.UploadAsync(OfflineMessages.ReadUpload(upload), Language.English));
            foreach (var receipt in JsonDocument.Parse(answer).RootElement.GetProperty("receipts").EnumerateArray())
            {
                Assert.Equal("closed", receipt.GetProperty("state").GetString());
                var id = receipt.GetProperty("id").GetString()!;
                Assert.Equal(_uploaded.GetValueOrDefault(id, receipt.GetRawText()), receipt.GetRawText());
                _uploaded[id] = receipt.GetRawText();
            }
        }

        async Task Settle(OfflineTill own, bool mayBeEarly)
        {
            try
            {
                await _till.SettleAsync(OfflineMessages.ReadSettle(own.Settlement()));
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

        void Tell(TillReceipt receipt, TillAnswer answer) => _told.Add(receipt.Id, answer);

        /// <summary>What customers were told against what the tables hold; nothing of the product decides here what is right.</summary>
        public void Check()
        {
            Assert.Null(new RedemptionStore(_offline.Shop.State).BooksDifference());
            using var connection = _offline.Shop.State.Connect();
            var rows = connection.Query<(string Receipt, long Discount, string Payer, long Customer, long Index)>("select receipt, discount_minor, payer, customer, offer_index from redemption").AsList();
            var booked = rows.ToLookup(row => row.Receipt);
            int lost = 0, doubled = 0;
            foreach (var (id, answer) in _told)
            {
                lost += Math.Max(0, Codes(answer).Count - booked[id].Count());
                doubled += Math.Max(0, booked[id].Count() - Codes(answer).Count);
                Assert.Equal(answer.Discount.Minor, booked[id].Sum(row => row.Discount));
            }

            Assert.All(booked, receipt => Assert.Contains(receipt.Key, _told.Keys));
            Assert.Equal((0, 0), (lost, doubled));

            var uses = _told.SelectMany(one => Codes(one.Value).Select(code => (Code: code, Receipt: one.Key))).ToLookup(use => use.Code, use => use.Receipt);
            var most = uses.Max(use => use.Count() - 1);
            var extra = uses.Sum(use => use.Count() - 1);
            Assert.InRange(most, 0, _isLeased ? 0 : _copies);
            var report = new ExtraUseStore(_offline.Shop.State).List("w");
            Assert.Equal(extra, report.Count);
            foreach (var use in uses.Where(use => use.Count() > 1))
            {
                var named = report.Where(one => one.Offer == use.Key).ToArray();
                Assert.Equal(use.Order(), named.Select(one => one.Receipt).Append(named[0].FirstReceipt).Order());
            }

            Assert.InRange(rows.Where(row => row.Payer == "Acme").Sum(row => row.Discount), 1, _supplierBudget);
            Assert.InRange(rows.Where(row => row.Payer == "").Sum(row => row.Discount), 1, _budget);
            Assert.InRange(rows.Count, 1, _mostPerWave);
            var rights = _till.Rights("w");
            Assert.Equal((rights.Issued, (long)uses.Count), (rights.Free + rights.Reserved + rights.Redeemed + rights.Expired, rights.Redeemed));
            Assert.Empty(_till.OpenLeases());
            // So that the run tells something: there were kills, early settlements, refusals for want of room, and extra uses where they may be.
            Assert.True(_kills > 10 && _early > 10 && (_isLeased || extra > 0), $"{_kills} kills, {_early} early settlements, {extra} extra uses");
            Assert.Contains(_told.Values, answer => answer.Lines.Any(line => line.Refusal is TillRefusal.BudgetSpent or TillRefusal.StoreLimit));
            if (_isLeased) Assert.Contains(_told.Values, answer => answer.Lines.Any(line => line.Refusal == TillRefusal.OfferLeased));
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{_stores} stores, {_told.Count} receipts, {rows.Count} uses, {extra} extra (most {most} of one right), {_kills} kills, {_early} early settlements, {_uploaded.Count} uploaded");
        }

        public void Dispose()
        {
            _till.Dispose();
            _offline.Dispose();
        }
    }
}
