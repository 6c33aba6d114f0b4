// SPDX-License-Identifier: Apache-2.0
#include "unlisted.hpp"

#include "listing.hpp"
#include "protocol/text.hpp"

namespace offlineimap::imap {

namespace {

class StatusOfOne final : public PlainCommand {
public:
    [[nodiscard]] Set<Data> wants() const noexcept override { return {Data::listing}; }
    void status(const MailboxStatus& status) override { told = status; }
    MailboxStatus told;
};

}  // namespace

std::optional<MailboxStatus> status_of_unlisted(Context& context, std::string_view wire)
{
    StatusOfOne question;
    context.connection.send(status_line(context, wire), question);
    context.connection.wait_below(1);
    if (question.answer().ok()) return question.told;
    const auto error = refusal(
        "folderincludes: look for " + printable(wire) + " on " + context.connection.peer(),
        question.answer());
    context.connection.host().log(Level::warning, error.what());
    return std::nullopt;
}

}  // namespace offlineimap::imap
