// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "environment.hpp"
#include "keys.hpp"

namespace offlineimap::status_lmdb {

/// One folder's records in the account's environment.
class LmdbFolder final : public StatusFolder {
public:
    /// `environment` outlives the folder. `held` keeps other processes away.
    LmdbFolder(Environment& environment, std::string folder, status::Descriptor held);

    void load(RecordSink& sink) override;
    void find(std::span<const MessageId> right, RecordSink& sink) override;
    std::uint64_t size() override;
    void apply(const Batch& batch) override;

private:
    [[nodiscard]] std::optional<FolderEntry> entry(const Transaction& transaction) const;
    FolderEntry entry_or_new(Transaction& transaction);
    void check(const Batch& batch) const;
    void read(const MessageId& id, std::string_view value, Record& record) const;
    /// At most so many records from `first` on; empty when there is no more.
    std::vector<Record> part(std::string& first) const;

    Environment& environment_;
    std::string folder_;
    status::Descriptor held_;
};

}  // namespace offlineimap::status_lmdb
