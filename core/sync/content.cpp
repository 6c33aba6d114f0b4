// SPDX-License-Identifier: Apache-2.0
#include "content.hpp"

#include "fetch_all.hpp"
#include "header_filter.hpp"
#include "threads.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace offlineimap::sync {

struct ContentDigest::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::size_t held_back = 0;  ///< CRs that count only if no LF follows
    State() { EVP_DigestInit_ex(context, EVP_sha256(), nullptr); }
    ~State() { EVP_MD_CTX_free(context); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
};

ContentDigest::ContentDigest() : state_(std::make_unique<State>()) { }
ContentDigest::~ContentDigest() = default;

void ContentDigest::add(Bytes chunk)
{
    const auto* data = reinterpret_cast<const char*>(chunk.data());
    std::string out;
    out.reserve(chunk.size() + state_->held_back);
    for (std::size_t i = 0; i < chunk.size(); ++i) {
        if (data[i] == '\r') {
            ++state_->held_back;
            continue;
        }
        if (data[i] != '\n') out.append(state_->held_back, '\r');
        state_->held_back = 0;
        out.push_back(data[i]);
    }
    EVP_DigestUpdate(state_->context, out.data(), out.size());
}

std::string ContentDigest::finish()
{
    const std::string rest(state_->held_back, '\r');
    EVP_DigestUpdate(state_->context, rest.data(), rest.size());
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest {};
    unsigned size = 0;
    EVP_DigestFinal_ex(state_->context, digest.data(), &size);
    std::string hex;
    for (unsigned i = 0; i < size; ++i) {
        constexpr auto digits = "0123456789abcdef";
        hex += digits[digest[i] >> 4];
        hex += digits[digest[i] & 15];
    }
    return hex;
}

namespace {

/// Takes the Message-ID field from a header, however it is cut into pieces. RFC 5322 section 3.6.4.
class NameFinder {
public:
    void add(Bytes chunk)
    {
        for (const std::byte byte : chunk)
            add(static_cast<char>(byte));
    }
    const std::string& name() const noexcept { return name_; }

private:
    static constexpr std::string_view field = "message-id:";

    void add(char c)
    {
        const bool blank = c == ' ' || c == '\t';
        if (std::exchange(line_begins_, c == '\n') && !blank) {
            inside_ = false;
            matched_ = 0;
        }
        if (inside_) {
            constexpr std::size_t longest = 998;  // RFC 5322 section 2.1.1
            if (!blank && c != '\r' && c != '\n' && name_.size() < longest) name_ += c;
            return;
        }
        const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        matched_ =
            matched_ < field.size() && field[matched_] == small ? matched_ + 1 : field.size() + 1;
        inside_ = matched_ == field.size() && name_.empty();
    }
    std::size_t matched_ = 0;
    bool line_begins_ = true, inside_ = false;
    std::string name_;
};

/// Fills in what is learnt of suspects.
class Learn final : public FetchSink {
public:
    Learn(Report& report, std::vector<Suspect*> suspects, Part part)
        : report_(report), suspects_(std::move(suspects)), part_(part)
    {
    }
    void begin(std::size_t index, const Message& message, std::uint64_t size) override
    {
        index_ = index;
        size_ = message.size != 0 ? message.size : size;
        if (part_ != Part::facts) digest_.emplace();
        name_ = {};
    }
    bool data(Bytes chunk) override
    {
        if (digest_) digest_->add(chunk);
        if (part_ == Part::header) name_.add(chunk);
        return true;
    }
    void end() override
    {
        Suspect& suspect = *suspects_[index_];
        if (digest_)
            suspect.digest = (part_ == Part::whole ? "text " : "header ") + digest_->finish();
        if (part_ == Part::facts) suspect.size = std::to_string(suspect.told_size = size_);
        if (part_ == Part::header) suspect.name = name_.name();
        digest_.reset();
    }
    void failed(std::size_t index, const Error& why) override
    {
        Suspect& suspect = *suspects_[index];
        suspect.size.clear();
        suspect.vanished = why.code() == Errc::not_found || why.code() == Errc::epoch_changed;
        if (why.code() == Errc::not_found) return report_.hold_back(suspect.pair);
        suspect.unreadable = true;
        report_.failed(suspect.pair, why);
    }

private:
    Report& report_;
    std::vector<Suspect*> suspects_;
    const Part part_;
    std::size_t index_ = 0;
    std::uint64_t size_ = 0;
    std::optional<ContentDigest> digest_;
    NameFinder name_;
};

/// What one side may have lost on the way from the other.
const std::vector<std::string>& fields_to_ignore(const SyncContext& context)
{
    const auto& left = context.left_out_fields(Side::left);
    return left.empty() ? context.left_out_fields(Side::right) : left;
}

using Few = Both<std::vector<Suspect*>>;

void learn(SyncContext& context, Side side, const std::vector<Suspect*>& suspects, Part part)
{
    if (suspects.empty()) return;
    std::vector<MessageRef> refs;
    refs.reserve(suspects.size());
    for (const auto* suspect : suspects)
        refs.push_back({context.folder(suspect->pair, side), suspect->id});
    Learn sink(context.report, suspects, part);
    HeaderFilter filter(sink, fields_to_ignore(context));
    fetch_all(
        *context.sessions[side], refs, part,
        part == Part::facts ? static_cast<FetchSink&>(sink) : filter);
}

void learn(SyncContext& context, const Few& few, Part part)
{
    run_side_by_side(
        2, [&](std::size_t i) { learn(context, both_sides[i], few[both_sides[i]], part); });
}

using Key = std::pair<PairIndex, std::string>;

Key key_of(const Suspect& suspect, Scan scan)
{
    return {scan == Scan::same_pair ? suspect.pair : 0, suspect.size + ' ' + suspect.digest};
}

std::map<Key, std::size_t> count(const std::vector<Suspect>& suspects, Scan scan)
{
    std::map<Key, std::size_t> keys;
    for (const Suspect& suspect : suspects)
        if (!suspect.size.empty()) ++keys[key_of(suspect, scan)];
    return keys;
}

/// Those whose content, as far as it is known, is on the other side too; the others drop out.
Few still_suspect(Both<std::vector<Suspect>>& suspects, Scan scan)
{
    const Both<std::map<Key, std::size_t>> keys {
        count(suspects.left, scan), count(suspects.right, scan)};
    Few out;
    for (const Side side : both_sides)
        for (Suspect& suspect : suspects[side])
            if (suspect.size.empty() || !keys[other(side)].contains(key_of(suspect, scan)))
                suspect.size.clear();
            else
                out[side].push_back(&suspect);
    return out;
}

/// Those whose header does not say for certain which message they are.
Few doubtful(Both<std::vector<Suspect>>& suspects, const Few& few, Scan scan)
{
    const Both<std::map<Key, std::size_t>> keys {
        count(suspects.left, scan), count(suspects.right, scan)};
    std::set<Key> drafts;
    for (const Side side : both_sides)
        for (const Suspect* const suspect : few[side])
            if (suspect->is_draft) drafts.insert(key_of(*suspect, scan));
    Few out;
    for (const Side side : both_sides)
        for (Suspect* const suspect : few[side]) {
            const Key key = key_of(*suspect, scan);
            if (suspect->name.empty() || drafts.contains(key) || keys.left.at(key) > 1
                || keys.right.at(key) > 1)
                out[side].push_back(suspect);
        }
    return out;
}

/// Sizes tell which contents can be the same, unless the two sides' header fields differ.
void learn_sizes(SyncContext& context, const Few& few)
{
    if (fields_to_ignore(context).empty()) return learn(context, few, Part::facts);
    for (const Side side : both_sides)
        for (Suspect* const suspect : few[side])
            suspect->size = "any";
}

}  // namespace

Suspect suspect(const SyncContext& context, PairIndex pair, const MessageId& id, const Marks& marks)
{
    Suspect out {pair, id, {}, {}, 0, {}, false, false, marks.flags.has(Flag::draft)};
    for (const Side side : both_sides)
        out.is_draft |= context.pairs[pair].folder[side].uses.has(FolderUse::drafts);
    return out;
}

void compare_content(
    SyncContext& context, Both<std::vector<Suspect>>& suspects, Proof proof, Scan scan)
{
    Few few;
    for (const Side side : both_sides)
        for (Suspect& suspect : suspects[side])
            few[side].push_back(&suspect);
    learn_sizes(context, few);
    few = still_suspect(suspects, scan);
    if (proof == Proof::likely) {
        learn(context, few, Part::header);
        few = doubtful(suspects, still_suspect(suspects, scan), scan);
    }
    learn(context, few, Part::whole);
    still_suspect(suspects, scan);
}

bool has_vanished(const std::vector<Suspect>& suspects)
{
    return std::ranges::any_of(suspects, &Suspect::vanished);
}

void learn_names(SyncContext& context, const Both<std::vector<Suspect*>>& suspects)
{
    learn(context, suspects, Part::header);
}

std::vector<ContentMatch> match_compared(const Both<std::vector<Suspect>>& suspects, Scan scan)
{
    std::map<Key, std::vector<std::size_t>> free;  // the last one is taken first
    for (std::size_t i = suspects.right.size(); i-- > 0;)
        if (!suspects.right[i].size.empty()) free[key_of(suspects.right[i], scan)].push_back(i);
    std::vector<ContentMatch> matches;
    for (std::size_t i = 0; i < suspects.left.size(); ++i) {
        if (suspects.left[i].size.empty()) continue;
        const auto it = free.find(key_of(suspects.left[i], scan));
        if (it == free.end() || it->second.empty()) continue;
        matches.push_back({i, it->second.back()});
        it->second.pop_back();
    }
    return matches;
}

std::vector<ContentMatch>
match_content(SyncContext& context, Both<std::vector<Suspect>> suspects, Proof proof, Scan scan)
{
    if (suspects.left.empty() || suspects.right.empty()) return {};
    compare_content(context, suspects, proof, scan);
    return match_compared(suspects, scan);
}

}  // namespace offlineimap::sync
