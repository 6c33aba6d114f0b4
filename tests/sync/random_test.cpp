// SPDX-License-Identifier: Apache-2.0
#include "mail_model.hpp"
#include "two_sides.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

// Random changes on both sides, between and during runs that end at a random step, and a model of
// what must be there afterwards. OFFLINEIMAP_TEST_ROUNDS says how many stories are told with each
// kind of server, OFFLINEIMAP_TEST_SEED with which one to begin. With OFFLINEIMAP_TEST_FOLDERS=0
// no folder is renamed or gets new numbers.

namespace offlineimap::test {
namespace {

using sync::Side;

struct Kinds {
    const char* name;
    MailStore::Abilities left, right;
};

void PrintTo(const Kinds& kinds, std::ostream* out)
{
    *out << kinds.name;
}

unsigned from_environment(const char* name, unsigned otherwise)
{
    const char* const wanted = std::getenv(name);
    return wanted ? static_cast<unsigned>(std::atoi(wanted)) : otherwise;
}

class Story {
public:
    Story(unsigned seed, const Kinds& kinds)
        : random_(seed)
        , others_(seed)
        , model_(
              kinds.left.move && kinds.right.move && kinds.right.returns_ids
                  ? MailModel::Moves::as_one
                  : MailModel::Moves::as_two)
        , two(kinds.left, kinds.right)
    {
        two.rules.budget = sync::parse_budget("100%");
        for (const auto* name : {"INBOX", "A", "B"})
            for (const Side side : sync::both_sides)
                store(side).folder(name);
    }

    void tell()
    {
        for (int round = 0; round < 6 && !testing::Test::HasFailure(); ++round) {
            for (const Side side : sync::both_sides)
                for (auto n = number(8); n > 0; --n)
                    change(side, random_);
            run_with_fault();
        }
        if (!testing::Test::HasFailure()) run_and_settle();
        if (testing::Test::HasFailure()) return print();
        const auto rest = two.run().counts;
        EXPECT_EQ(rest.copied + rest.moved + rest.edited + rest.removed + rest.adopted, 0)
            << "one run did not heal everything";
        if (testing::Test::HasFailure()) print();
        EXPECT_EQ(two.steps_of_run(), 0);
    }

private:
    MailStore& store(Side side) { return side == Side::left ? two.left : two.right; }
    std::size_t number(std::size_t below) { return random_() % below; }

    void change(Side side, std::mt19937& random);
    /// False where there is nothing to be done with the folder.
    bool change_folder(Side side, const std::string& folder, std::mt19937& random);
    void change_marks(Side side, const std::string& folder, const MessageId& id, std::mt19937&);
    void run_with_fault();
    void refuse_something();
    void refuse_nothing();
    void run_and_settle();
    void repair_if_asked_to();
    static std::string subject_of(const std::string& text)
    {
        return text.substr(13, text.find('@') - 13);
    }
    void tell(Side side, const std::string& what, const std::string& text, const std::string& where)
    {
        said_.push_back(
            (side == Side::left ? "left " : "right ") + what + subject_of(text) + where);
    }
    /// The story, for who has to find out why it ended badly.
    void print() const
    {
        for (const auto& line : said_)
            std::cerr << "  " << line << '\n';
        for (const auto& line : two.lines.lines)
            std::cerr << "  at last: " << line << '\n';
        for (const auto& [folder, mails] : two.left.contents()) {
            std::cerr << "  in the end: " << folder;
            for (const Mail& mail : mails)
                std::cerr << ' ' << subject_of(mail.text);
            std::cerr << '\n';
        }
    }

    std::vector<std::string> said_;
    std::mt19937 random_, others_;
    MailModel model_;
    unsigned mails_ = 0;
    std::string went_ = "N";  ///< the last folder that was renamed: its name is free
    bool is_renumbered_ = false, was_mute_ = false;
    const bool folders_change_ = from_environment("OFFLINEIMAP_TEST_FOLDERS", 1) != 0;

public:
    TwoSides two;
};

void Story::change(Side side, std::mt19937& random)
{
    MailStore& mine = store(side);
    const auto pick = [&](std::size_t below) { return random() % below; };
    auto folders = mine.names();
    if (pick(40) == 0) folders.push_back(pick(2) == 0 ? "N" + std::to_string(++mails_) : went_);
    const std::string folder = folders[pick(folders.size())], to = folders[pick(folders.size())];
    if (pick(30) == 0 && folders_change_ && change_folder(side, folder, random)) return;
    const auto ids = mine.ids(folder);
    const auto what = pick(14);
    if (what < 4 || ids.empty()) {
        const Mail mail {
            test::mail("n" + std::to_string(++mails_)), Set<Flag>::from_bits(pick(8)), {}, 0, {}};
        tell(side, "add ", mail.text, " in " + folder);
        model_.born(side, folder, mail);
        mine.add(folder, mail.text, mail.flags);
        return;
    }
    const MessageId id = ids[pick(ids.size())];
    const std::string text = mine.folder(folder).mails.at(id).text;
    const bool drops_name = mine.abilities.takes_ids && pick(3) == 0;
    if (what < 8) {
        change_marks(side, folder, id, random);
    } else if (what < 9) {
        tell(side, "remove ", text, " from " + folder + "/" + id.value);
        model_.removed(side, text);
        mine.remove(folder, id);
    } else if (what < 12 && to != folder) {
        tell(
            side, drops_name ? "move namelessly " : "move ", text,
            " from " + folder + "/" + id.value + " to " + to);
        model_.moved(side, text, to);
        mine.move(folder, id, to, drops_name ? Keep::nothing : Keep::name);
    } else if (what < 13 && to != folder) {
        tell(
            side, drops_name ? "copy namelessly " : "copy ", text,
            " from " + folder + "/" + id.value + " to " + to);
        model_.copied(side, text, to);
        mine.copy(folder, id, to, drops_name ? Keep::nothing : Keep::name);
    } else if (mine.abilities.takes_ids) {
        tell(side, "rename ", text, " in " + folder);
        model_.moved(side, text, folder);
        mine.rename(folder, id);
    }
}

bool Story::change_folder(Side side, const std::string& folder, std::mt19937& random)
{
    MailStore& mine = store(side);
    if (random() % 2 == 0 && !mine.abilities.takes_ids) {
        said_.push_back((side == Side::left ? "left renumbers " : "right renumbers ") + folder);
        mine.renumber(folder);
        is_renumbered_ = true;
        model_.renumbered(folder);
        return true;
    }
    if (folder == "INBOX") return false;
    const auto to = "R" + std::to_string(++mails_);
    said_.push_back((side == Side::left ? "left renames " : "right renames ") + folder + " " + to);
    for (const auto& [id, mail] : mine.folder(folder).mails)
        model_.moved(side, mail.text, to);
    model_.folder_went(folder);
    went_ = folder;
    is_renumbered_ = true;  // another one of that name has other numbers
    mine.rename_folder(folder, to);
    return true;
}

void Story::change_marks(
    Side side, const std::string& folder, const MessageId& id, std::mt19937& random)
{
    MailStore& mine = store(side);
    const Mail before = mine.folder(folder).mails.at(id);
    if (random() % 3 == 0) {
        const auto keyword = random() % 2 ? "$label1" : "work";
        tell(side, std::string(keyword) + " ", before.text, " in " + folder);
        model_.marked(side, before.text, keyword, !before.keywords.contains(keyword));
        mine.set_keyword(folder, id, keyword);
        return;
    }
    Mail after = before;
    after.flags = Set<Flag>::from_bits(random() % 8);
    const auto was = MailModel::marks(before);
    tell(
        side,
        "flags " + std::to_string(before.flags.bits()) + "->" + std::to_string(after.flags.bits())
            + " ",
        before.text, " in " + folder);
    for (const auto& [mark, value] : MailModel::marks(after))
        if (const auto it = was.find(mark); it == was.end() || it->second != value)
            model_.marked(side, before.text, mark, value);
    mine.set_flags(folder, id, after.flags);
}

void Story::run_with_fault()
{
    using Kind = Faults::Kind;
    const Kind kinds[] = {Kind::none, Kind::crash_before, Kind::crash_after, Kind::lost_answer};
    const auto kind = kinds[number(4)];
    two.faults.plan(kind, 1 + number(40));
    bool clean = true;
    refuse_something();
    if (number(3) == 0)
        two.faults.meanwhile([&] {
            if (others_() % 8 != 0) return;
            clean = false;
            said_.push_back("meanwhile");
            model_.unsettle();
            change(others_() % 2 ? Side::left : Side::right, others_);
        });
    try {
        clean &= two.run().failures.empty();
    } catch (const Crash&) {
        clean = false;
    }
    two.faults.meanwhile({});
    refuse_nothing();
    clean &= !two.faults.struck();
    two.faults.plan(Kind::none, 0);
    said_.insert(said_.end(), two.lines.lines.begin(), two.lines.lines.end());
    said_.push_back(
        clean ? "-- clean run"
              : "-- run with fault " + std::to_string(int(kind)) + " at "
                + std::to_string(two.faults.steps()));
    if (!clean) return model_.unsettle();
    EXPECT_EQ(two.left.contents(), two.right.contents());
    model_.settle(two.left);
}

/// A folder that does not tell, messages that are not given: for as long as the run lasts.
void Story::refuse_something()
{
    const Side side = number(2) == 0 ? Side::left : Side::right;
    MailStore& mine = store(side);
    // Nobody waits a second time in a row; and what was in a folder that did not tell has no past
    // when it, or where it was carried, gets new numbers or another name then.
    if (!std::exchange(was_mute_, false) && !folders_change_ && number(5) == 0) {
        was_mute_ = true;
        const auto names = mine.names();
        const auto name = names[number(names.size())];
        said_.push_back(
            "-- cannot list " + name + (side == Side::left ? " on the left" : " on the right"));
        mine.on_listing = [name](const std::string& folder) {
            if (folder == name) throw Error(Errc::io, Scope::folder, Retry::never, "no right");
        };
        model_.hidden();
    }
    if (number(5) != 0) return;
    for (const auto& [folder, mails] : mine.contents())
        for (const Mail& mail : mails) {
            if (number(3) != 0) continue;
            tell(side, "cannot read ", mail.text, "");
            mine.broken.insert(mail.text);
        }
    model_.hidden();
}

void Story::refuse_nothing()
{
    for (const Side side : sync::both_sides) {
        store(side).on_listing = [](const std::string&) {};
        store(side).broken.clear();
    }
}

/// A folder with new numbers of which too little is known waits for the user to say so.
void Story::repair_if_asked_to()
{
    const auto failures = two.run().failures;
    said_.insert(said_.end(), two.lines.lines.begin(), two.lines.lines.end());
    if (std::find(failures.begin(), failures.end(), Errc::epoch_changed) == failures.end()) return;
    two.repair();
    said_.push_back("-- repair");
    said_.insert(said_.end(), two.lines.lines.begin(), two.lines.lines.end());
    model_.repaired();
}

void Story::run_and_settle()
{
    if (is_renumbered_) repair_if_asked_to();
    EXPECT_TRUE(two.run().failures.empty()) << testing::PrintToString(two.lines.lines);
    EXPECT_EQ(two.left.contents(), two.right.contents());
    said_.insert(said_.end(), two.lines.lines.begin(), two.lines.lines.end());
    model_.settle(two.left);
}

class Random : public testing::TestWithParam<Kinds> { };

TEST_P(Random, stories_end_with_each_message_once_on_both_sides)
{
    const unsigned first = from_environment("OFFLINEIMAP_TEST_SEED", 1);
    const unsigned rounds = from_environment("OFFLINEIMAP_TEST_ROUNDS", 30);
    for (unsigned seed = first; seed < first + rounds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Story(seed, GetParam()).tell();
        if (HasFailure()) return;
    }
}

constexpr MailStore::Abilities modern {.sessions = 1}, listing {.coverage = Coverage::delta_listed};
constexpr MailStore::Abilities no_uidplus {.returns_ids = false, .sessions = 1};
constexpr MailStore::Abilities no_move {.move = false, .sessions = 2};
constexpr MailStore::Abilities plain {
    .returns_ids = false,
    .move = false,
    .tokens = false,
    .coverage = Coverage::snapshot,
    .sessions = 1};
constexpr MailStore::Abilities snapshots {.tokens = false, .coverage = Coverage::snapshot};

INSTANTIATE_TEST_SUITE_P(
    Servers, Random,
    testing::Values(
        Kinds {"Maildir and a modern server", maildir_like, modern},
        Kinds {"Maildir and a modern server, several sessions", maildir_like, {}},
        Kinds {"Maildir and a listing server", maildir_like, listing},
        Kinds {"Maildir and a server without tokens", maildir_like, snapshots},
        Kinds {"Maildir and a server without UIDPLUS", maildir_like, no_uidplus},
        Kinds {"Maildir and a server without MOVE", maildir_like, no_move},
        Kinds {"Maildir and a plain server", maildir_like, plain},
        Kinds {"two modern servers", modern, modern},
        Kinds {"two servers, several sessions", listing, {}},
        Kinds {"a plain server and a modern one", plain, {}},
        Kinds {"a modern server and a plain one", {}, plain},
        Kinds {"two plain servers", plain, plain}));

}  // namespace
}  // namespace offlineimap::test
