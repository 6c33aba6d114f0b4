// SPDX-License-Identifier: Apache-2.0
#include "folder_reader.hpp"

#include "folder_claims.hpp"
#include "protocol/date_time.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace offlineimap::imap {

namespace {

/// Not `*`: that is the highest UID there is now, and one that vanished may have been higher.
constexpr std::string_view highest_uid = "4294967295";

/// Messages that may come in between SELECT and SEARCH.
constexpr std::uint64_t max_arrivals = 250'000;

/// More UIDs than it is worth to look up one by one: a listing is shorter.
constexpr std::uint64_t max_vanished = 1'000'000;

/// Changes of a delta that wait for its end, which tells whether all adds up.
constexpr std::size_t max_held = 10'000;

/// Lists of UIDs in answer to one command. Servers send one, or a handful.
constexpr unsigned max_lists = 10'000;

}  // namespace

/// A FETCH or SEARCH of the folder; what comes with it goes to the reader.
class FolderReader::DataCommand final : public PlainCommand {
public:
    explicit DataCommand(FolderReader& reader) : reader_(reader) { }
    [[nodiscard]] Set<Data> wants() const noexcept override
    {
        return {Data::messages, Data::search};
    }
    void fetched(const FetchItems& items) override { reader_.fetched(items); }
    void vanished(const Vanished& vanished) override { reader_.vanished(vanished); }
    void expunged() override { ++reader_.gone_; }
    void search(const SearchResult& result) override { reader_.found(result); }
    void completed(const StatusResponse& response) override
    {
        PlainCommand::completed(response);
        reader_.answered(answer());
    }

private:
    FolderReader& reader_;
};

FolderReader::FolderReader(
    Context& context, const ChangeRequest& request, ChangeSink& sink, Floor& floor)
    : context_(context)
    , request_(request)
    , sink_(sink)
    , floor_(floor)
    , folder_(context.folders.at(request.folder))
    , since_(FolderToken::parse(request.token))
    , plan_(first_plan())
    , from_(parse_uid(request.window.from_id).value_or(1))
{
}

FolderReader::~FolderReader() = default;

FolderReader::Plan FolderReader::first_plan() const
{
    const auto& window = request_.window;
    if (window.received_since || window.smaller_than) return Plan::window;
    if (!window.empty() || !since_ || std::to_string(since_->uid_validity) != request_.epoch)
        return Plan::snapshot;
    if (context_.connection.is_enabled("QRESYNC")) return Plan::delta;
    return context_.has("CONDSTORE") ? Plan::delta_listed : Plan::snapshot;
}

// ---------------------------------------------------------------- sending

void FolderReader::start()
{
    open_ = another_pass_ = extended_ = false;
    listed_ = arrived_ = {};
    found_ = vanished_ = {};
    gone_ = 0;
    lists_ = 0;
    data_.clear();
    held_.clear();
    select_ = std::make_unique<SelectCommand>();
    select_->when_done([this] { selected(); });
    auto& connection = context_.connection;
    unanswered_ = 1;
    connection.send(select_line(context_, Access::select, folder_.wire), *select_);
    ask_for_data();
}

void FolderReader::ask_for_data()
{
    const auto all = std::to_string(from_) + ':' + std::string(highest_uid);
    switch (plan_) {
    case Plan::delta:
        ask_fetch(all, " (CHANGEDSINCE " + std::to_string(since_->highest_mod_seq) + " VANISHED)");
        break;
    case Plan::delta_listed:
        ask_fetch(all, " (CHANGEDSINCE " + std::to_string(since_->highest_mod_seq) + ')');
        ask_search("ALL");
        break;
    case Plan::snapshot:
        ask_fetch(std::to_string(from_) + ":*", "");
        break;
    case Plan::window:
        ask_window();
        break;
    case Plan::found:
        for (const auto& piece : in_window_.split(max_set_text))
            ask_fetch(piece.text(), "");
        break;
    }
}

void FolderReader::ask_fetch(const std::string& set, const std::string& modifier)
{
    const std::string items = context_.uses_labels() ? " (UID FLAGS X-GM-LABELS)" : " (UID FLAGS)";
    send_data_command("UID FETCH " + set + items + modifier);
}

void FolderReader::ask_search(const std::string& criteria)
{
    const bool extended = context_.has("ESEARCH") && context_.searches == Searches::extended;
    extended_ |= extended;
    send_data_command((extended ? "UID SEARCH RETURN (ALL) " : "UID SEARCH ") + criteria);
}

/// RFC 5182 section 2.2: what the search finds may be asked for before it is known.
void FolderReader::ask_window()
{
    if (!saves_searches()) {
        ask_search(window_criteria());
        return;
    }
    extended_ = true;
    send_data_command("UID SEARCH RETURN (SAVE ALL) " + window_criteria());
    ask_fetch("$", "");
}

bool FolderReader::saves_searches() const
{
    return context_.has("SEARCHRES") && context_.has("ESEARCH")
        && context_.searches == Searches::extended;
}

void FolderReader::send_data_command(const std::string& line)
{
    ++unanswered_;
    data_.push_back(std::make_unique<DataCommand>(*this));
    context_.connection.send(line, *data_.back());
}

std::string FolderReader::window_criteria() const
{
    std::string criteria = "UID " + std::to_string(from_) + ":*";
    const auto& window = request_.window;
    if (window.received_since) criteria += " SINCE " + format_date(*window.received_since);
    if (window.smaller_than) criteria += " SMALLER " + std::to_string(*window.smaller_than);
    return criteria;
}

// -------------------------------------------------------------- receiving

std::string FolderReader::what() const
{
    return "read " + context_.where(folder_);
}

void FolderReader::selected()
{
    --unanswered_;
    if (!select_->ok()) return fail(refusal(what(), select_->answer()));
    const auto epoch = select_->epoch();
    if (epoch.empty()) return fail(wrong_epoch(what(), *select_, request_.epoch));
    if (!select_->mailbox().messages)
        return fail(Error(
            Errc::unavailable, Scope::folder, Retry::later,
            what() + ": the server does not say how many messages there are"));
    if (since_ && epoch == request_.epoch)
        if (const auto why = void_numbers(*since_, select_->mailbox()); !why.empty())
            return fail(Error(Errc::epoch_changed, what() + ": " + why));
    if (is_delta() && (epoch != request_.epoch || is_older(select_->mailbox(), *since_)))
        return list_instead(Plan::snapshot);  // the token is void
    if (plan_ != Plan::found) {
        told_ = select_->mailbox();
        if (told_.mailbox_id.empty()) told_.mailbox_id = folder_.told.mailbox_id;
        token_ = token_of(told_);
    }
    open_ = true;
}

void FolderReader::begin()
{
    if (begun_) return;
    take_floor();
    begun_ = true;
    context_.folders.set_epoch(request_.folder, select_->epoch());
    const auto coverage = plan_ == Plan::delta ? Coverage::delta
        : plan_ == Plan::delta_listed          ? Coverage::delta_listed
                                               : Coverage::snapshot;
    sink_.begin(request_.folder, select_->state(), coverage);
}

void FolderReader::take_floor()
{
    if (floor_.holder && floor_.holder != this)
        throw Error(Errc::protocol, what() + ": the server answers about two folders at once");
    floor_.holder = this;
}

void FolderReader::leave_floor() noexcept
{
    floor_.holder = nullptr;
}

void FolderReader::fetched(const FetchItems& items)
{
    // Without a UID it is news about a message of a number we do not keep; the next run tells.
    if (!reports() || !items.uid || !items.has_flags || *items.uid < from_) return;
    if (plan_ == Plan::window && !saves_searches()) return;
    const bool has_window = plan_ == Plan::window || plan_ == Plan::found;
    if (has_window && !in_window_.contains(*items.uid)) return;
    listed_.add(*items.uid);
    if (listed_.at_most() > select_->mailbox().messages.value_or(0) + max_arrivals)
        throw Error(Errc::protocol, what() + ": more messages listed than there are");
    if (is_delta() && *items.uid >= since_->uid_next
        && *items.uid < select_->mailbox().uid_next.value_or(0))
        arrived_.add(*items.uid);
    if (!context_.keywords.spend(items.flags.keywords))
        throw Error(Errc::protocol, what() + ": more keywords than there can be");
    message_.id.value.resize(10);
    auto& id = message_.id.value;
    id.resize(static_cast<std::size_t>(
        std::to_chars(id.data(), id.data() + id.size(), *items.uid).ptr - id.data()));
    message_.flags = items.flags.flags;
    message_.keywords = items.flags.keywords;
    message_.labels = items.labels;
    if (plan_ == Plan::delta && !begun_ && held_.size() < max_held) {
        held_.push_back(message_);
        return;
    }
    if (!report_vanished()) return;
    report_held();
    sink_.changed(message_);
}

void FolderReader::report_held()
{
    for (const auto& message : std::exchange(held_, {}))
        sink_.changed(message);
}

void FolderReader::vanished(const Vanished& vanished)
{
    // What goes just now the next run tells.
    if (!vanished.earlier) gone_ += vanished.uids.size();
    if (!reports() || plan_ != Plan::delta || !vanished.earlier) return;
    if (begun_) {  // RFC 7162 section 3.2.6: comes first. Too late to be looked into
        token_.clear();
        return;
    }
    // A server that forgot what it expunged may name all UIDs there could ever be.
    const auto uid_next = select_->mailbox().uid_next.value_or(0);
    const bool plausible = uid_next >= since_->uid_next;
    const auto end = plausible ? uid_next : std::uint64_t {1} << 32;
    const bool are_many = vanished.uids.ranges().size() > max_vanished;
    if (!are_many) vanished_.add(below(vanished.uids, end));
    if (are_many || ++lists_ > max_lists || vanished_.size() > max_vanished)
        list_instead(Plan::delta_listed);
}

bool FolderReader::report_vanished()
{
    if (begun_ || plan_ != Plan::delta || vanished_.empty()) {
        begin();
        return true;
    }
    if (!may_have_vanished(*since_, select_->mailbox(), vanished_)) {
        list_instead(Plan::delta_listed);
        return false;
    }
    begin();
    for (const auto range : vanished_.ranges())
        for (std::uint64_t uid = range.first; uid <= range.last; ++uid)
            sink_.vanished(MessageId {std::to_string(uid)});
    return true;
}

void FolderReader::list_instead(Plan plan)
{
    open_ = false;
    plan_ = plan;
    another_pass_ = true;
}

void FolderReader::found(const SearchResult& result)
{
    if (!reports()) return;
    searched_ = true;
    if (plan_ == Plan::window) in_window_ = result.all;
    if (plan_ != Plan::delta_listed) return;
    const bool are_too_many = ++lists_ > max_lists || result.all.size() > most_messages();
    if (!are_too_many) found_.add(result.all);
    if (are_too_many || found_.size() > most_messages())
        throw Error(Errc::protocol, what() + ": more messages found than there are");
    begin();
    for (const auto range : result.all.ranges())
        for (std::uint64_t uid = range.first; uid <= range.last; ++uid)
            sink_.present(MessageId {std::to_string(uid)});
}

/// What was there, and what was listed as new: a range that is written in no time may hold more
/// than anybody has memory for.
std::uint64_t FolderReader::most_messages() const
{
    return std::min(
        select_->mailbox().messages.value_or(0) + max_arrivals,
        since_->messages + listed_.at_most() + max_arrivals);
}

void FolderReader::answered(const Answer& answer)
{
    --unanswered_;
    if (reports() && does_without(answer)) return;
    // Some servers refuse to fetch from a folder that holds nothing.
    const bool nothing_there = (plan_ == Plan::snapshot && select_->mailbox().messages == 0U)
        || (plan_ == Plan::window && searched_ && in_window_.empty());
    if (reports() && !answer.ok() && !nothing_there) fail(refusal(what(), answer));
    if (reports() && unanswered_ == 0)
        if (const auto why = incomplete(answer)) fail(*why);
    if (unanswered_ == 0 && reports()) end_of_pass();
}

/// What a listing lacks would be taken for deleted. A server that knows of more messages than it
/// lists, without a word of any that went, is not well.
std::optional<Error> FolderReader::incomplete(const Answer& answer) const
{
    const bool lists_all = plan_ == Plan::snapshot || plan_ == Plan::delta_listed;
    const auto there = select_->mailbox().messages.value_or(0);
    const auto listed = plan_ == Plan::snapshot ? listed_.size() : found_.size();
    if (!lists_all || from_ != 1 || listed >= there) return std::nullopt;
    if (gone_ >= there - listed || answer.is("EXPUNGEISSUED")) return std::nullopt;
    return Error(
        Errc::unavailable, Scope::folder, Retry::later,
        what() + ": the server says that there are " + std::to_string(there)
            + " messages, but lists " + std::to_string(listed));
}

void FolderReader::end_of_pass()
{
    if (plan_ == Plan::window && !in_window_.empty() && !saves_searches()) {
        plan_ = Plan::found;
        another_pass_ = true;
        return;
    }
    if (plan_ == Plan::delta && !adds_up(*since_, select_->mailbox(), vanished_, arrived_.size())) {
        if (!begun_) return list_instead(Plan::delta_listed);
        token_.clear();
    }
    if (plan_ == Plan::delta_listed
        && lacks_arrivals(*since_, select_->mailbox(), found_, arrived_.size()))
        token_.clear();
    if (!report_vanished()) return;
    report_held();
    context_.folders.set_told(request_.folder, told_);
    sink_.end(request_.folder, token_);
    leave_floor();
}

bool FolderReader::does_without(const Answer& answer)
{
    if (answer.status != Status::bad || begun_) return false;
    const bool searches = plan_ == Plan::window && extended_;
    if (!is_delta() && !searches) return false;
    if (searches) context_.searches = Searches::plain;
    list_instead(searches ? Plan::window : Plan::snapshot);
    return true;
}

void FolderReader::fail(const Error& why)
{
    take_floor();
    failed_ = true;
    sink_.failed(request_.folder, why);
    leave_floor();
}

}  // namespace offlineimap::imap
