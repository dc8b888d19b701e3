using System.Text;
using System.Text.Json;
using Volna.Intake.Catalog;
using Volna.Offers;
using Volna.Offers.Plans;
using Volna.Redemptions;
using Volna.Redemptions.Journal;
using Volna.Tests.Redemptions.Reference;

namespace Volna.Tests.Redemptions;

/// <summary>
/// Random sequences of calls, those of 50 clients interleaved, against <see cref="ReferenceTill"/>: each answer has to be the same, byte for byte. A
/// sequence is one client's on one day; each day brings a wave of two days with rules of its own, so that some come back late or look ahead.
/// </summary>
public sealed class SequencesTests
{
    const int Clients = 50, Days = 25, Customers = 8;

    static readonly Dictionary<string, ReferenceGood> Goods = new()
    {
        ["p1"] = new(1, [2, 1], "X", "North", null, 0),
        ["p2"] = new(2, [2, 1], "Y", "North", null, 0),
        ["p3"] = new(3, [1], "X", "South", 60_00, 0),
        ["p4"] = new(4, [1], "X", "South", long.MaxValue, 0),
        ["p5"] = new(5, [3], "Y", "", null, 150_00),
        ["p6"] = new(6, [3], "", "South", 20_00, 0),
    };

    [Fact]
    public Task Random_sequences_of_calls_agree_with_the_reference() => Compare(TestSize.Of(20_000, 1_000_000), readsLate: false);

    /// <summary>With a database for a journal, a call that needs an old receipt is begun anew once it is read: so it mustn't have changed anything before.</summary>
    [Fact]
    public Task Random_sequences_agree_also_where_old_receipts_are_read_late_or_at_the_second_try() => Compare(TestSize.Of(1_250, 100_000), readsLate: true);

    static async Task Compare(int sequences, bool readsLate)
    {
        var seed = TestSize.Seed();
        var (calls, skipped, refused, begunAnew) = (0, 0, 0, 0);
        for (var shop = 0; shop * Clients * Days < sequences; shop++)
        {
            await using var world = new World(seed, shop, readsLate);
            for (var day = 0; day < Days; day++) await world.LiveADay(day);
            world.CheckBooks();
            (calls, skipped, refused, begunAnew) = (calls + world.Calls, skipped + world.Skipped, refused + world.Refused, begunAnew + world.BegunAnew);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{sequences} sequences, {calls} calls, {refused} of them refused, {skipped} left out, {begunAnew} times begun anew");
        Assert.True(skipped < calls / 50, $"{skipped} calls were left out, because several ways to spread the offers were equally good");
        Assert.InRange(refused, calls / 50, calls / 2);
        if (readsLate) Assert.InRange(begunAnew, calls / 20, calls);
    }

    /// <summary>Gives what was asked for only when it is told to, or fails then.</summary>
    sealed class LateJournal(IJournal journal) : IJournal
    {
        readonly Queue<(long Batch, TaskCompletionSource<byte[]> Reading)> _asked = [];

        /// <summary>A till that starts reads what is reserved and waits for it.</summary>
        public bool IsLate { get; set; }

        public bool IsAsked => _asked.Count > 0;

        public string Id => journal.Id;

        /// <summary>Who waits goes on before this returns.</summary>
        public void Answer(bool fails)
        {
            var (batch, reading) = _asked.Dequeue();
            if (fails) reading.SetException(new TimeoutException($"Batch {batch} can't be read now."));
            else reading.SetResult(journal.ReadAsync(batch).GetAwaiter().GetResult());
        }

        public Task<byte[]> ReadAsync(long sequence)
        {
            if (!IsLate) return journal.ReadAsync(sequence);
            _asked.Enqueue((sequence, new TaskCompletionSource<byte[]>()));
            return _asked.Last().Reading.Task;
        }

        public void TakeWriter() => journal.TakeWriter();

        public long Last() => journal.Last();

        public void Append(long sequence, ReadOnlySpan<byte> body) => journal.Append(sequence, body);

        public IEnumerable<(long Sequence, byte[] Body)> After(long sequence) => journal.After(sequence);

        public void Dispose() => journal.Dispose();
    }

    sealed class World : IAsyncDisposable
    {
        readonly bool _readsLate;
        readonly Random _random;
        readonly string _name;
        readonly Shop _shop = new();
        readonly SetClock _clock = new(Shop.Now);
        readonly ReferenceTill _reference;
        readonly List<(string Wave, long Issued, TillRules Rules)> _waves = [];
        readonly List<(string Expected, Task<TillReply> Task, Func<string> Said)> _waiting = [];
        readonly List<Action> _said = [];
        readonly Dictionary<string, List<string>> _history = [];
        Client[] _yesterday = [];
        LateJournal? _late;
        Till _till;

        public World(int seed, int shop, bool readsLate)
        {
            _readsLate = readsLate;
            _random = new Random(unchecked((seed * 7_919) + shop));
            _name = $"VOLNA_TEST_SEED={seed}, shop {shop}";
            foreach (var (number, path, parent) in ((int, string, int)[])[(1, "Food", 0), (2, "Food/Milk", 1), (3, "Other", 0)])
                _shop.Run("insert into category (number, path, parent) values (@number, @path, @parent)", new { number, path, parent });
            foreach (var (key, good) in Goods)
            {
                _shop.AddProduct(
                    good.Number, key, price: good.Regular, category: good.Categories[0],
                    floor: good.Floor switch { null => FloorPolicy.None, long.MaxValue => FloorPolicy.NoDiscount, _ => FloorPolicy.MinimumPrice }, floorPrice: good.Floor is long.MaxValue ? null : good.Floor);
                _shop.Run("update product set brand = @Brand, supplier = @Supplier where number = @Number", good);
            }

            foreach (var store in (string[])["S", "T"]) _shop.AddStore(store[0], store);
            _shop.Run("insert into mass_promotion (key, product, store, discount_basis_points, start_day, end_day) values ('p', 5, 0, 1000, '2026-01-01', '2030-01-01')");
            _shop.AddCustomer(100, "guest");
            var secret = SecretStore.Open(_shop.Data);
            var codes = new Dictionary<(string, int, int), string>();
            _reference = new ReferenceTill(Goods, new HashSet<string> { "guest" }, (wave, customer, index) =>
                codes.TryGetValue((wave, customer, index), out var code) ? code : codes[(wave, customer, index)] = OfferCode.Of(secret, wave, new CustomerId(customer), index));
            _till = Open();
        }

        public int Calls { get; private set; }

        public int Skipped { get; private set; }

        public int Refused { get; private set; }

        public int BegunAnew { get; private set; }

        public async Task LiveADay(int day)
        {
            _clock.Now = Shop.Now.Date.AddDays(day).AddHours(9) is var start ? new DateTimeOffset(start, Shop.Now.Offset) : default;
            AddWave(day);
            var clients = Enumerable.Range(0, Clients).Select(client => new Client($"d{day}c{client}")).ToArray();
            var steps = Enumerable.Range(0, Clients).SelectMany(client => Enumerable.Repeat(client, _random.Next(8, 17))).ToArray();
            _random.Shuffle(steps);
            foreach (var client in steps)
            {
                // Only after a start are receipts of a moment ago old ones.
                if (_random.Next(_readsLate ? 100 : 1_000) == 0) await Restart();
                if (_random.Next(60) == 0) _clock.Now += TimeSpan.FromMinutes(_random.Next(5) == 0 ? 15 : _random.Next(1, 10));
                // Now and then a client speaks of another's receipt, or of one of yesterday.
                Step(_random.Next(10) switch { 0 => clients[_random.Next(Clients)], 1 when _yesterday.Length > 0 => _yesterday[_random.Next(Clients)], _ => clients[client] });
                if (_waiting.Count >= 1_000) await Settle();
            }

            await Settle();
            _yesterday = clients;
            if (_said.Count > 1_000) _said.RemoveRange(0, _said.Count - 500);
        }

        async Task Restart()
        {
            await Settle();
            _till.Dispose();
            _till = Open();
        }

        Till Open()
        {
            _late = _readsLate ? new LateJournal(JournalStore.Open(_shop.Data)) : null;
            var till = _shop.OpenTill(_clock, _late);
            till.TakeWriter();
            _late?.IsLate = true;
            return till;
        }

        /// <summary>A call is decided before the next one begins, but answered when it is durable.</summary>
        Task<T> Decided<T>(Func<Task<T>> call)
        {
            var task = call();
            while (_late is { IsAsked: true })
            {
                var fails = _random.Next(20) == 0;
                _late.Answer(fails);
                BegunAnew++;
                if (!fails) continue;
                Assert.IsType<TimeoutException>(task.Exception?.InnerException);
                task = call();
            }

            return task;
        }

        sealed class Client(string name)
        {
            public string Name => name;

            public Dictionary<string, TillReceipt> Receipts { get; } = [];
        }

        void Step(Client client)
        {
            var id = $"{client.Name}r{_random.Next(3)}";
            if (!client.Receipts.TryGetValue(id, out var receipt) || _random.Next(10) == 0) client.Receipts[id] = receipt = NewReceipt(id);
            var key = _random.Next(4) > 0 ? "" : _random.Next(6) == 0 ? $"{client.Name}k0" : $"{client.Name}k{_random.Next(1, 1_000_000)}";
            switch (_random.Next(100))
            {
                case < 15:
                    Do(() => Price(receipt));
                    break;
                case < 40:
                    Do(() => Ask($"reserve {key}", id, now => _reference.Reserve(receipt, key, now), () => _till.ReserveAsync(receipt, key)));
                    break;
                case < 62:
                    Do(() => Ask($"close {key}", id, now => _reference.Close(receipt, key, now), () => _till.CloseAsync(receipt, key)));
                    break;
                case < 68:
                    Do(() => Ask($"cancel {key}", id, now => _reference.Cancel(id, key, now), () => _till.CancelAsync(id, key)));
                    break;
                case < 74:
                    Do(() => Ask($"reopen {key}", id, now => _reference.Reopen(id, key, now), () => _till.ReopenAsync(id, key)));
                    break;
                case < 86:
                    var goods = NewReturn(receipt);
                    Do(() => Ask($"return {goods.Id} {string.Join(' ', goods.Lines)} {key}", id, now => _reference.Return(goods, key, now), () => _till.ReturnAsync(goods, key)));
                    break;
                case < 90:
                    State(id);
                    break;
                default:
                    if (_said.Count > 0) _said[_random.Next(_said.Count)]();
                    break;
            }
        }

        void Do(Action call)
        {
            _said.Add(call);
            call();
        }

        void Price(TillReceipt receipt) => Ask("price", receipt.Id, now => _reference.Price(receipt, now), async () => new TillReply(TillMessages.Write(await _till.PriceAsync(receipt).ConfigureAwait(false)), null));

        /// <summary>The reference first: where it doesn't know which of two ways is best, the till isn't asked.</summary>
        void Ask(string call, string id, Func<DateTimeOffset, string> reference, Func<Task<TillReply>> till)
        {
            string expected;
            try
            {
                expected = reference(_clock.Now);
            }
            catch (ReferencePricing.SeveralBestException)
            {
                Skipped++;
                return;
            }

            Calls++;
            if (expected[0] == '!') Refused++;
            var history = _history.TryGetValue(id, out var known) ? known : _history[id] = [];
            history.Add($"{_clock.Now:dd HH:mm} {call}");
            var said = history.Count;
            _waiting.Add((expected, Decided(till), () => $"{id}: {string.Join(" | ", history.Take(said))}"));
        }

        void State(string id)
        {
            Calls++;
            var expected = _reference.State(id, _clock.Now);
            var body = Decided(() => _till.StateAsync(id)).GetAwaiter().GetResult();
            if (body is null || expected is null)
            {
                Assert.True(body is null && expected is null, $"{_name}: {id} is known to one side");
                return;
            }

            var state = JsonDocument.Parse(body).RootElement;
            Assert.Equal(
                expected,
                (state.GetProperty("state").GetString()!, state.GetProperty("totalMinor").GetInt64(), state.GetProperty("discountMinor").GetInt64(), state.GetProperty("pointsMinor").GetInt64()));
        }

        async Task Settle()
        {
            foreach (var (expected, task, said) in _waiting)
            {
                // A third of all is refused: not thrown again here, because that takes longer than the call.
                await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                var found = task.Exception?.InnerException is GuardException refusal ? "!" + refusal.Code : Encoding.UTF8.GetString((await task).Body);
                if (expected != found) Assert.Fail($"{_name}, {said()}\nexpected {expected}\nfound    {found}");
            }

            _waiting.Clear();
        }

        public void CheckBooks()
        {
            var books = JournalBooks.Check(_shop, _till, _waves);
            // Those whose time ran out may still be there until the next call.
            _till.TakeWriter();
            Assert.Equal(
                _reference.Held.Where(use => use.Redeemed).Select(use => (use.Wave, use.Customer, use.Index, use.Receipt, use.Discount, use.Points)).Order(),
                books.Held.Where(one => one.Use.Is == Volna.Redemptions.Life.RightState.Redeemed).Select(one => (one.Use.Wave, one.Use.Customer, one.Use.Index, one.Receipt.Id, one.Use.Value.Discount, one.Use.Value.Points)).Order());
        }

        TillReceipt NewReceipt(string id) => new(
            id, _random.Next(3) > 0 ? "S" : "T", _random.Next(20) switch { 0 => "guest", 1 => "nobody", 2 => "", _ => $"c{_random.Next(1, Customers + 1)}" },
            // One in ten comes from a till that was off-line the day before.
            _clock.Now.AddDays(_random.Next(10) == 0 ? -1 : 0),
            [.. Enumerable.Range(1, _random.Next(1, 5)).Select(line => new TillLine(
                $"{line}", _random.Next(12) == 0 ? "p9" : $"p{_random.Next(1, 7)}", new Quantity(_random.Next(3) > 0 ? 1_000 * _random.Next(1, 5) : _random.Next(1, 3_000)), new Money(_random.Next(20) == 0 ? 0 : _random.Next(1, 200_00))))]);

        TillReturn NewReturn(TillReceipt receipt)
        {
            var lines = receipt.Lines.Where(_ => _random.Next(2) == 0).Select(line => new ReturnedLine(line.Id, _random.Next(3) > 0 ? line.Quantity : new Quantity(_random.Next(1, 1_500)))).ToArray();
            if (lines.Length == 0) lines = [new ReturnedLine(_random.Next(5) == 0 ? "9" : receipt.Lines[0].Id, receipt.Lines[0].Quantity)];
            return new TillReturn(receipt.Id, $"b{_random.Next(4)}", lines);
        }

        void AddWave(int day)
        {
            var id = $"w{day:00}";
            var from = DateOnly.FromDateTime(_clock.Now.DateTime);
            int? Most(int most) => _random.Next(3) == 0 ? _random.Next(1, most) : null;
            Money? Budget() => _random.Next(3) == 0 ? new Money(_random.Next(10_00, 500_00)) : null;
            var rules = new TillRules
            {
                MostPerCustomer = Most(4),
                MostPerTarget = Most(5),
                MostPerWave = Most(15),
                MostPerStore = Most(10),
                MostPerDay = Most(12),
                Budget = Budget(),
                PointsBudget = Budget(),
                BudgetPerDay = Budget(),
                BasketOnTop = _random.Next(3) > 0,
            };
            // A plan that allows a day more than the whole is refused.
            if (rules.BudgetPerDay > rules.Budget) rules = rules with { BudgetPerDay = rules.Budget };
            if (Budget() is { } north) rules = rules with { SupplierBudgets = rules.SupplierBudgets.Add("North", north) };
            var plan = JsonSerializer.Serialize(new
            {
                till = new Dictionary<string, object?>
                {
                    ["mostPerCustomer"] = rules.MostPerCustomer,
                    ["mostPerTarget"] = rules.MostPerTarget,
                    ["mostPerWave"] = rules.MostPerWave,
                    ["mostPerStore"] = rules.MostPerStore,
                    ["mostPerDay"] = rules.MostPerDay,
                    ["budget"] = rules.Budget?.Major,
                    ["budgetPerDay"] = rules.BudgetPerDay?.Major,
                    ["pointsBudget"] = rules.PointsBudget?.Major,
                    ["supplierBudgets"] = rules.SupplierBudgets.ToDictionary(one => one.Key, one => one.Value.Major),
                    ["basketOnTop"] = rules.BasketOnTop,
                }.Where(one => one.Value is not null).ToDictionary(),
            });
            var offers = Enumerable.Range(1, Customers).ToDictionary(number => $"c{number}", number => (number, Enumerable.Range(0, _random.Next(5)).Select(index => NewOffer(number, index)).ToArray()));
            _shop.AddWave(id, offers.Select(one => (one.Value.number, one.Key, (IReadOnlyList<Offer>?)one.Value.Item2)), plan, WaveStatus.Published, new Period(from, from.AddDays(2)));
            _reference.Add(new ReferenceWave(id, from, from.AddDays(2), rules, offers));
            _waves.Add((id, offers.Sum(one => one.Value.Item2.Length), rules));
        }

        Offer NewOffer(int customer, int index)
        {
            var kind = _random.Next(10) switch { < 5 => TargetKind.Product, < 7 => TargetKind.Category, < 8 => TargetKind.Brand, _ => TargetKind.Basket };
            var mechanic = (Mechanic)_random.Next(kind == TargetKind.Basket ? 4 : 5);
            return Shop.Offer(customer, index, kind switch { TargetKind.Basket => 0, TargetKind.Category => _random.Next(1, 4), _ => _random.Next(1, 7) }, _random.Next(1, 61), _random.Next(4) == 0 ? _random.Next(100_00) : 0) with
            {
                TargetKind = kind,
                Mechanic = mechanic,
                Amount = mechanic is Mechanic.AmountOff or Mechanic.FixedPrice || (mechanic == Mechanic.Points && _random.Next(2) == 0) ? new Money(_random.Next(1, 100_00)) : default,
                Buy = mechanic == Mechanic.NPlusM ? _random.Next(1, 3) : 0,
                Free = mechanic == Mechanic.NPlusM ? 1 : 0,
                MostPieces = _random.Next(4) == 0 ? new Quantity(_random.Next(2) == 0 ? 1_000 : 500) : default,
                LeastTotal = kind == TargetKind.Basket && _random.Next(2) == 0 ? new Money(_random.Next(300_00)) : default,
            };
        }

        public ValueTask DisposeAsync()
        {
            _till.Dispose();
            _shop.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
