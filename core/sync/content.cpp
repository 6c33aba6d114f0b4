// SPDX-License-Identifier: Apache-2.0
#include "content.hpp"

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

/// Fills in what is learnt of suspects.
class Learn final : public FetchSink {
public:
    Learn(std::vector<Suspect*> suspects, Part part) : suspects_(std::move(suspects)), part_(part)
    {
    }
    void begin(std::size_t index, const Message& message, std::uint64_t size) override
    {
        index_ = index;
        size_ = message.size != 0 ? message.size : size;
        if (part_ != Part::facts) digest_.emplace();
    }
    bool data(Bytes chunk) override
    {
        if (digest_) digest_->add(chunk);
        return true;
    }
    void end() override
    {
        if (digest_)
            suspects_[index_]->digest = digest_->finish();
        else
            suspects_[index_]->size = std::to_string(size_);
        digest_.reset();
    }
    void failed(std::size_t index, const Error&) override { suspects_[index]->size.clear(); }

private:
    std::vector<Suspect*> suspects_;
    const Part part_;
    std::size_t index_ = 0;
    std::uint64_t size_ = 0;
    std::optional<ContentDigest> digest_;
};

/// What one side may have lost on the way from the other.
const std::vector<std::string>& fields_to_ignore(const SyncContext& context)
{
    const auto& left = context.left_out_fields(Side::left);
    return left.empty() ? context.left_out_fields(Side::right) : left;
}

void learn(SyncContext& context, Side side, std::vector<Suspect*> suspects, Part part)
{
    if (suspects.empty()) return;
    with_session(
        *context.sessions[side],
        [&](Session& session) {
            std::vector<MessageRef> refs;
            for (const auto* suspect : suspects)
                refs.push_back({context.folder(suspect->pair, side), suspect->id});
            Learn sink(suspects, part);
            HeaderFilter filter(sink, fields_to_ignore(context));
            session.fetch(refs, part, part == Part::facts ? static_cast<FetchSink&>(sink) : filter);
        },
        [] { return false; });
}

using Key = std::pair<PairIndex, std::string>;

Key key_of(const Suspect& suspect, Scan scan)
{
    return {scan == Scan::same_pair ? suspect.pair : 0, suspect.size + ' ' + suspect.digest};
}

/// Those whose content, as far as it is known, is on the other side too.
std::vector<Suspect*>
still_suspect(std::vector<Suspect>& mine, const std::vector<Suspect>& others, Scan scan)
{
    std::set<Key> keys;
    for (const Suspect& suspect : others)
        if (!suspect.size.empty()) keys.insert(key_of(suspect, scan));
    std::vector<Suspect*> out;
    for (Suspect& suspect : mine)
        if (keys.contains(key_of(suspect, scan)))
            out.push_back(&suspect);
        else
            suspect.size.clear();
    return out;
}

std::vector<Suspect*> all_of(std::vector<Suspect>& suspects)
{
    std::vector<Suspect*> out;
    for (Suspect& suspect : suspects)
        out.push_back(&suspect);
    return out;
}

/// Sizes tell which contents can be the same, unless the two sides' header fields differ.
void learn_sizes(SyncContext& context, std::vector<Suspect>& left, std::vector<Suspect>& right)
{
    if (fields_to_ignore(context).empty()) {
        run_side_by_side(2, [&](std::size_t i) {
            learn(context, both_sides[i], all_of(i == 0 ? left : right), Part::facts);
        });
        return;
    }
    for (auto* suspects : {&left, &right})
        for (Suspect& suspect : *suspects)
            suspect.size = "any";
}

}  // namespace

std::vector<ContentMatch> match_content(
    SyncContext& context, std::vector<Suspect> left, std::vector<Suspect> right, Part part,
    Scan scan)
{
    if (left.empty() || right.empty()) return {};
    learn_sizes(context, left, right);
    const auto left_rest = still_suspect(left, right, scan);
    const auto right_rest = still_suspect(right, left, scan);
    run_side_by_side(2, [&](std::size_t i) {
        learn(context, both_sides[i], i == 0 ? left_rest : right_rest, part);
    });
    std::multimap<Key, std::size_t> free;
    for (std::size_t i = 0; i < right.size(); ++i)
        if (!right[i].size.empty()) free.emplace(key_of(right[i], scan), i);
    std::vector<ContentMatch> matches;
    for (std::size_t i = 0; i < left.size(); ++i) {
        if (left[i].size.empty()) continue;
        const auto it = free.find(key_of(left[i], scan));
        if (it == free.end()) continue;
        matches.push_back({i, it->second});
        free.erase(it);
    }
    return matches;
}

}  // namespace offlineimap::sync
